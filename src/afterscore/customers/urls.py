from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.customers.views import erasing, imports, lists, people, quarantines

desk: list[URLPattern] = [
    path("", lists.show_list, name="list"),
    path("contacts/add/", people.add_contact, name="add_contact"),
    path("contacts/<str:public_id>/", people.show_contact, name="contact"),
    path("contacts/<str:public_id>/change/", people.edit_contact, name="edit_contact"),
    path("contacts/<str:public_id>/quarantine/", quarantines.contact, name="quarantine_contact"),
    path("contacts/<str:public_id>/erase/", erasing.erase, name="erase_contact"),
    path("accounts/add/", people.add_account, name="add_account"),
    path("accounts/<str:public_id>/", people.show_account, name="account"),
    path("accounts/<str:public_id>/change/", people.edit_account, name="edit_account"),
    path("accounts/<str:public_id>/quarantine/", quarantines.account, name="quarantine_account"),
    path("imports/", imports.show_imports, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/<str:public_id>/", imports.show_import, name="import"),
    path("imports/<str:public_id>/choose/", imports.choose, name="choose"),
    path("imports/<str:public_id>/launch/", imports.launch, name="launch"),
    path("imports/<str:public_id>/discard/", imports.discard, name="discard"),
    path("imports/<str:public_id>/progress/", imports.show_progress, name="progress"),
    path("imports/<str:public_id>/refused.csv", imports.download_refused, name="refused"),
]
public: list[URLPattern] = []
