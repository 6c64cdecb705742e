"""What items weigh, and the statuses that the planner sets by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from plans.models import ItemWeight, ManualStatus, PlanItem
from plans.models.progress import WorkStatus
from plans.progress import services
from plans.progress.forms import StandingForm
from plans.queries import read_tree
from plans.rules import COLLECTS_PROGRESS
from plans.views.editing import form_view
from plans.views.progress.addresses import to_page, year_at


@require_safe
@allow(COLLECTS_PROGRESS)
def standings(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    tree = read_tree(year.plan, year.fiscal_year)
    weights = dict(ItemWeight.objects.filter(item__plan=year.plan).values_list("item__key", "weight"))
    rows = [{"node": node, "weight": weights.get(node.key, 1)} for node in tree.walk()]
    return render(
        request, "plans/progress/standings.html", {"plan": year.plan, "year": year, "tree": tree, "rows": rows}
    )


@form_view
@allow(COLLECTS_PROGRESS)
def set_standing(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    item = get_object_or_404(PlanItem, plan=year.plan, key=key, retired_on=None)
    weight = ItemWeight.objects.filter(item=item).first()
    by_hand = ManualStatus.objects.filter(year=year, item=item).first()
    form = StandingForm(
        request.POST if request.method == "POST" else None,
        initial={
            "weight": weight.weight if weight else 1,
            "status": by_hand.status if by_hand else "",
            "reason": by_hand.reason if by_hand else "",
        },
    )
    if form.is_valid():
        status = form.cleaned_data["status"]
        try:
            if status:
                services.set_status_by_hand(year, item, WorkStatus(status), form.cleaned_data["reason"], request.user)
            else:
                services.clear_status_by_hand(year, item)
            services.weigh(item, form.cleaned_data["weight"])
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("「%(item)s」を保存しました。") % {"item": item.title})
            return to_page("standings", year)
    path = read_tree(year.plan, year.fiscal_year).path_to(key)
    return render(
        request,
        "plans/progress/set_standing.html",
        {"plan": year.plan, "year": year, "item": item, "node": path[-1] if path else None, "form": form},
        status=400 if form.errors else 200,
    )
