"""The photos of a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres.information import services
from centres.information.forms import PhotoForm, PhotoWordsForm
from centres.information.models import Case, CasePhoto
from centres.information.rules import WRITES_INFORMATION
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


def _page_of_case(case: Case) -> HttpResponse:
    return redirect(tenant_reverse("information:entry_detail", kind="cases", pk=case.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(WRITES_INFORMATION)
def photo_new(request: MemberRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    photo = CasePhoto(case=case)
    is_sent = request.method == "POST"
    form = PhotoForm(request.POST, request.FILES, instance=photo) if is_sent else PhotoForm(instance=photo)
    if form.is_valid():
        services.add_photo(form.save(commit=False), form.cleaned_data["sent"], uploaded_by=request.user)
        messages.success(request, _("写真を加えました。"))
        return _page_of_case(case)
    context = {"form": form, "case": case}
    return render(request, "information/office/photo_new.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(WRITES_INFORMATION)
def photo_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The words of a photo; for another picture it is deleted and another one added."""
    photo = get_object_or_404(CasePhoto.objects.select_related("case"), pk=pk)
    form = PhotoWordsForm(request.POST if request.method == "POST" else None, instance=photo)
    if form.is_valid():
        form.save()
        messages.success(request, _("写真の説明を保存しました。"))
        return _page_of_case(photo.case)
    context = {"form": form, "photo": photo}
    return render(request, "information/office/photo_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(WRITES_INFORMATION)
def photo_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, and delete for good."""
    photo = get_object_or_404(CasePhoto.objects.select_related("case", "file"), pk=pk)
    if request.method == "POST":
        services.delete_photo(photo)
        messages.success(request, _("写真を削除しました。"))
        return _page_of_case(photo.case)
    return render(request, "information/office/photo_delete.html", {"photo": photo})
