"""Which role may open which page of the staff's area: every route, called by every role."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from companion.models import ROLES
from tests.offices import signed_in

ADMINISTRATOR, OFFICE, FLOOR, EVERYBODY, READERS = "a", "ae", "aef", "aefv", "aev"

ROUTES = {
    "account": EVERYBODY,
    "add_person": ADMINISTRATOR,
    "change_accepted": OFFICE,
    "change_declined": OFFICE,
    "change_password": EVERYBODY,
    "changes": OFFICE,
    "choose_first_password": EVERYBODY,
    "codes": EVERYBODY,
    "codes_off": EVERYBODY,
    "codes_on": EVERYBODY,
    "conflicts_page": FLOOR,
    "end_own_session": EVERYBODY,
    "exhibitor_card_ended": OFFICE,
    "exhibitor_made": OFFICE,
    "exhibitor_merged": OFFICE,
    "exhibitor_new": OFFICE,
    "exhibitor_page": FLOOR,
    "exhibitor_photo": OFFICE,
    "exhibitor_product": OFFICE,
    "exhibitor_saved": OFFICE,
    "exhibitor_turned": OFFICE,
    "exhibitors_many": OFFICE,
    "exhibitors_page": EVERYBODY,
    "export_catalogue": OFFICE,
    "export_workbook": OFFICE,
    "first_password": EVERYBODY,
    "floor": FLOOR,
    "give_role": ADMINISTRATOR,
    "home": EVERYBODY,
    "import_applied": OFFICE,
    "import_blank": OFFICE,
    "import_brought": OFFICE,
    "import_chosen": OFFICE,
    "import_file_page": OFFICE,
    "import_forgotten": OFFICE,
    "import_marked": OFFICE,
    "import_page": OFFICE,
    "import_removed": OFFICE,
    "import_stage": OFFICE,
    "import_tried": OFFICE,
    "import_undone": OFFICE,
    "log": OFFICE,
    "log_act": OFFICE,
    "nodes": EVERYBODY,
    "notice": OFFICE,
    "notice_add": OFFICE,
    "notice_finish": OFFICE,
    "notice_new": OFFICE,
    "notice_save": OFFICE,
    "notices": EVERYBODY,
    "notices_undo": OFFICE,
    "people": ADMINISTRATOR,
    "plan": EVERYBODY,
    "plan_assign": FLOOR,
    "plan_draw": OFFICE,
    "plan_erase": OFFICE,
    "plan_fill": OFFICE,
    "plan_fill_answer": OFFICE,
    "plan_release": FLOOR,
    "plan_settle": OFFICE,
    "plan_size": OFFICE,
    "plan_undo": FLOOR,
    "poster_code": FLOOR,
    "posters": FLOOR,
    "print_file": FLOOR,
    "print_order": FLOOR,
    "print_page": FLOOR,
    "print_picture": FLOOR,
    "print_result": FLOOR,
    "programme": EVERYBODY,
    "programme_undo": OFFICE,
    "remove_person": ADMINISTRATOR,
    "report": READERS,
    "report_file": READERS,
    "report_workbook": READERS,
    "reset_person": ADMINISTRATOR,
    "settle_conflicts": FLOOR,
    "sign_out": EVERYBODY,
    "sign_person_out": ADMINISTRATOR,
    "trouble_photo": EVERYBODY,
    "trouble_turned": FLOOR,
    "troubles_page": EVERYBODY,
    "undo_act": OFFICE,
    "undo_hour": OFFICE,
    "workshop": OFFICE,
    "workshop_add": OFFICE,
    "workshop_copy": OFFICE,
    "workshop_new": OFFICE,
    "workshop_save": OFFICE,
    "workshop_state": OFFICE,
}
"""View → the first letters of the roles that may call it. Whoever adds a view adds it here, and so thinks about it."""

OPEN = {"sign_in_form", "sign_in_answer", "sign_in_code", "sign_in_code_answer", "choose_language"}
"""The way in."""


def rules(app: Flask) -> dict[str, Rule]:
    return {
        rule.endpoint.removeprefix("staff."): rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("staff.")
    }


def call(app: Flask, client: FlaskClient, rule: Rule) -> int:
    record = {name for name in rule.arguments if f"<uuid:{name}>" in rule.rule}
    arguments = {name: str(UUID(int=1)) if name in record else "999999" for name in rule.arguments}
    with app.test_request_context():
        address = app.url_for(rule.endpoint, **arguments)
    method = next(iter(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})))
    answer = client.open(address + "?booth=Z99", method=method)
    answer.close()
    return answer.status_code


def test_every_route_is_listed(app: Flask) -> None:
    assert set(rules(app)) == set(ROUTES) | OPEN


def test_nobody_who_is_not_signed_in_gets_past_the_door(app: Flask, client: FlaskClient) -> None:
    answers = {name: call(app, client, rule) for name, rule in rules(app).items() if name not in OPEN}
    assert {name: status for name, status in answers.items() if status != 302} == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_call_what_is_listed_and_nothing_else(app: Flask, session: Session, role: str) -> None:
    client = signed_in(app, session, role)
    refused = set()
    for name, rule in rules(app).items():
        if name not in OPEN and name != "sign_out" and call(app, client, rule) == 403:
            refused.add(name)
    always = {"choose_first_password"}  # refused to everybody who has a password of their own
    assert refused - always == {name for name, roles in ROUTES.items() if role[0] not in roles}
