"""Models without a municipality, each with the reason why it may be read by all."""

GLOBAL_MODELS = {
    "tenancy.Municipality": "what tenancy is about; the list of municipalities is public",
    "accounts.User": "one person may serve several municipalities",
    "accounts.Membership": "read at sign-in, before any municipality is entered",
    "account.EmailAddress": "belongs to a user",
    "account.EmailConfirmation": "belongs to a user",
    "mfa.Authenticator": "belongs to a user",
    "plans.PublishedOpenFigure": "what reports published, side by side for everybody; holds nothing that is not public",
    "sessions.Session": "belongs to a browser",
    "contenttypes.ContentType": "Django's own, names of models",
    "auth.Permission": "Django's own, unused: rules are on the views",
    "auth.Group": "Django's own, unused: roles are memberships",
}
