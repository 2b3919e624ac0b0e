from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.cases import public as doors
from afterscore.cases import views
from afterscore.cases.views import absences as absence_views
from afterscore.cases.views import giving, improving, keeping, noticing, praising, stepping
from afterscore.cases.views import rules as rule_views
from afterscore.cases.views import shelf as shelves
from afterscore.cases.views import telling as told

desk: list[URLPattern] = [
    path("", views.show_inbox, name="inbox"),
    path("tasks/", stepping.show_tasks, name="tasks"),
    path("board/", views.show_board, name="board"),
    path("filters/", views.show_filters, name="filters"),
    path("views/", views.save_view, name="save_view"),
    path("views/<str:public_id>/remove/", views.remove_view, name="remove_view"),
    path("together/", views.act_together, name="together"),
    path("together/undo/", views.undo_together, name="undo"),
    path("<str:public_id>/", views.show_case, name="case"),
    path("<str:public_id>/reply/", views.reply, name="reply"),
    path("<str:public_id>/call/", views.log_call, name="call"),
    path("<str:public_id>/note/", views.add_note, name="note"),
    path("<str:public_id>/heard/", views.hear_customer, name="heard"),
    path("<str:public_id>/assign/", views.assign, name="assign"),
    path("<str:public_id>/close/", views.close_case, name="close"),
    path("<str:public_id>/reopen/", views.reopen_case, name="reopen"),
    path("<str:public_id>/themes/", views.set_themes, name="themes"),
    path("<str:public_id>/watch/", views.watch, name="watch"),
    path("<str:public_id>/unwatch/", views.unwatch, name="unwatch"),
    path("<str:public_id>/see/", views.see, name="see"),
]
desk += [path("<str:public_id>/files/<str:attachment>", views.download, name="file")]
desk += [
    path("<str:public_id>/tasks/add/", stepping.add_task, name="add_task"),
    path("<str:public_id>/tasks/<slug:task>/done/", stepping.finish_task, name="finish_task"),
    path("<str:public_id>/tasks/<slug:task>/skip/", stepping.skip_task, name="skip_task"),
    path("<str:public_id>/tasks/<slug:task>/write/", stepping.write_task, name="write_task"),
    path("<str:public_id>/tasks/<slug:task>/again/", stepping.resume_task, name="resume_task"),
    path("<str:public_id>/tasks/<slug:task>/take/", stepping.take_task, name="take_task"),
    path("<str:public_id>/tasks/<slug:task>/hand/", stepping.hand_task_over, name="hand_task_over"),
]
promises: list[URLPattern] = [
    path("", keeping.show_promises, name="list"),
    path("for/<str:public_id>/", keeping.promise, name="promise"),
    path("<str:public_id>/", keeping.settle, name="settle"),
]
catalogue: list[URLPattern] = [
    path("", giving.show_catalogue, name="gifts"),
    path("budget/", giving.set_budget, name="budget"),
    path("<str:public_id>/", giving.edit_gift, name="gift"),
]
gifts: list[URLPattern] = [
    path("", giving.show_list, name="list"),
    path("by-group/", giving.show_fairness, name="fairness"),
    path("for/<str:public_id>/", giving.ask, name="ask"),
    path("<str:public_id>/<str:deed>/", giving.act, name="act"),
]
public: list[URLPattern] = [
    path("c/<str:token>", doors.check_back, name="check_back"),
    path("c/<str:token>/all", doors.follow_trap, name="check_back_trap"),
]
playbooks: list[URLPattern] = [
    path("", shelves.show_playbooks, name="playbooks"),
    path("<slug:key>/", shelves.edit_playbook, name="playbook"),
    path("<slug:key>/reset/", shelves.reset_playbook, name="reset"),
]
telling: list[URLPattern] = [
    path("for/<str:public_id>/", improving.link, name="link"),
    path("<str:public_id>/done/", told.finish, name="finish"),
    path("<str:public_id>/done/preview/", told.preview, name="preview"),
]
routing: list[URLPattern] = [
    path("", rule_views.show_rules, name="rules"),
    path("new/", rule_views.new_rule, name="new"),
    path("try/", rule_views.try_rule, name="try"),
    path("<slug:public_id>/", rule_views.edit_rule, name="rule"),
    path("<slug:public_id>/move/", rule_views.move_rule, name="move"),
    path("<slug:public_id>/remove/", rule_views.remove_rule, name="remove"),
]
absences: list[URLPattern] = [
    path("", absence_views.show_absences, name="absences"),
    path("<slug:public_id>/", absence_views.edit_absence, name="absence"),
    path("<slug:public_id>/remove/", absence_views.remove_absence, name="remove"),
]
notices: list[URLPattern] = [
    path("", noticing.list_alerts, name="alerts"),
    path("today/", noticing.show_day, name="today"),
    path("mine/", noticing.choose, name="mine"),
    path("<str:public_id>/seen-to/", noticing.put_away, name="put_away"),
]
praise: list[URLPattern] = [
    path("", praising.show_wall, name="wall"),
    path("<str:public_id>/off/", praising.hide, name="hide"),
]
