"""The list of background tasks, from both sides."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, reverse

from articles import permissions
from articles.tasks import running
from articles.tasks.background_tasks import BackgroundTask

from .kinds import count, done, note, when

LIST = "/admin/articles/backgroundtask/"


@pytest.fixture
def operator(reader):
    """An account of the group that runs the site."""
    reader.is_staff = True
    reader.save()
    reader.groups.add(Group.objects.get(name="administrators"))
    return reader


def act(client, action):
    tasks = [str(pk) for pk in BackgroundTask.objects.values_list("pk", flat=True)]
    return client.post(LIST, {"action": action, "_selected_action": tasks}, follow=True)


def test_list_tells_state_progress_attempts_next_attempt_and_last_error(client, operator, broken, clock):
    client.force_login(operator)
    note.enqueue("word")
    running.work(until_idle=True)

    page = client.get(LIST).content.decode()

    for words in (
        "Note a word",
        "&#x27;word&#x27;",
        "waits for its next attempt",
        "ConnectionError: the server is away",
    ):
        assert words in page
    assert re.search(r'field-attempts">1<', page)
    assert not re.search(r'field-next_attempt">-<', page)


def test_list_says_what_a_task_waits_for(client, operator):
    client.force_login(operator)
    note.enqueue("word")

    assert "waits for `manage.py run_tasks`" in client.get(LIST).content.decode()


def test_list_shows_progress_while_a_task_runs(client, operator):
    client.force_login(operator)
    pages = []
    when["2"] = lambda: pages.append(client.get(LIST).content.decode())
    count.enqueue(3)

    running.work(until_idle=True)

    assert "2 of 3 numbers" in pages[0]
    assert "is running" in pages[0]


def test_page_of_a_task_tells_its_traceback_and_changes_nothing(client, operator, broken):
    client.force_login(operator)
    note.enqueue("word")
    running.work(until_idle=True)
    address = f"{LIST}{BackgroundTask.objects.get().pk}/change/"

    page = client.get(address).content.decode()

    assert "kinds.py" in page
    assert "Traceback" in page
    assert client.post(address, {"status": "SUCCESSFUL"}).status_code == 403


def test_cancel_and_try_again(client, operator):
    client.force_login(operator)
    note.enqueue("word")

    assert "1 task is cancelled." in act(client, "cancel").content.decode()
    running.work(until_idle=True)
    assert done == []

    assert "1 task is due now." in act(client, "retry").content.decode()
    running.work(until_idle=True)
    assert done == ["word"]


@pytest.mark.parametrize("role", ["reader", "author", "moderator"])
def test_others_see_nothing_and_cancel_nothing(client, request, role):
    person = request.getfixturevalue(role)
    person.is_staff = True
    person.save()
    client.force_login(person)
    note.enqueue("word")
    task = BackgroundTask.objects.get()

    assert not permissions.can_manage_tasks(person)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{task.pk}/change/").status_code == 403
    assert act(client, "cancel").status_code == 403
    assert "backgroundtask" not in client.get("/admin/").content.decode()
    assert BackgroundTask.objects.get().status == "READY"


def test_nobody_adds_or_deletes_a_task_by_hand(client, administrator):
    client.force_login(administrator)
    note.enqueue("word")

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{BackgroundTask.objects.get().pk}/delete/").status_code == 403
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_pages_hold_under_the_strict_policy(client, administrator, broken):
    client.force_login(administrator)
    note.enqueue("word")
    running.work(until_idle=True)

    for address in (LIST, f"{LIST}{BackgroundTask.objects.get().pk}/change/"):
        response = client.get(address)
        page = response.content.decode()
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert not re.search(
            r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son\w+=|\sstyle=|<style", page
        )


def test_page_of_the_library_is_not_there():
    with pytest.raises(NoReverseMatch):
        reverse("admin:django_tasks_database_dbtaskresult_changelist")


def test_list_grows_without_further_queries(client, administrator, django_assert_max_num_queries):
    client.force_login(administrator)
    for n in range(30):
        note.enqueue(str(n))

    with django_assert_max_num_queries(6):
        client.get(LIST)
