"""What a clock on the wall means in five zones, on ordinary days and when clocks are changed."""

from datetime import UTC, datetime

import pytest

from articles.people.zones import DoubleTime, MissingTime, is_zone, moment_of, offset_of, zone_names


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        ("2027-01-15 09:00", "Europe/Berlin", "2027-01-15 08:00"),
        ("2027-07-15 09:00", "Europe/Berlin", "2027-07-15 07:00"),
        ("2027-03-28 01:59", "Europe/Berlin", "2027-03-28 00:59"),
        ("2027-03-28 03:00", "Europe/Berlin", "2027-03-28 01:00"),
        ("2027-10-31 01:59", "Europe/Berlin", "2027-10-30 23:59"),
        ("2027-10-31 03:00", "Europe/Berlin", "2027-10-31 02:00"),
        ("2027-03-14 03:00", "America/New_York", "2027-03-14 07:00"),
        ("2027-04-04 02:00", "Australia/Lord_Howe", "2027-04-03 15:30"),
        ("2027-10-03 02:30", "Australia/Lord_Howe", "2027-10-02 15:30"),
        ("2018-11-04 01:00", "America/Sao_Paulo", "2018-11-04 03:00"),
        ("2027-03-28 02:30", "Asia/Kathmandu", "2027-03-27 20:45"),
        ("2027-10-31 02:30", "Asia/Kathmandu", "2027-10-30 20:45"),
        ("2027-10-31 02:30", "UTC", "2027-10-31 02:30"),
    ],
)
def test_time_that_a_clock_shows_once_is_one_moment(local, zone, moment):
    assert moment_of(datetime.fromisoformat(local), zone) == utc(moment)


@pytest.mark.parametrize(
    ("local", "zone", "choices"),
    [
        ("2027-03-28 02:00", "Europe/Berlin", ("2027-03-28 00:59", "2027-03-28 01:00")),
        ("2027-03-28 02:59", "Europe/Berlin", ("2027-03-28 00:59", "2027-03-28 01:00")),
        ("2027-03-14 02:30", "America/New_York", ("2027-03-14 06:59", "2027-03-14 07:00")),
        ("2027-10-03 02:15", "Australia/Lord_Howe", ("2027-10-02 15:29", "2027-10-02 15:30")),
        ("2018-11-04 00:30", "America/Sao_Paulo", ("2018-11-04 02:59", "2018-11-04 03:00")),
        ("2011-12-30 12:00", "Pacific/Apia", ("2011-12-30 09:59", "2011-12-30 10:00")),
    ],
)
def test_time_that_no_clock_shows_has_the_nearest_two(local, zone, choices):
    with pytest.raises(MissingTime) as error:
        moment_of(datetime.fromisoformat(local), zone)

    assert error.value.choices == tuple(map(utc, choices))


@pytest.mark.parametrize(
    ("local", "zone", "choices"),
    [
        ("2027-10-31 02:00", "Europe/Berlin", ("2027-10-31 00:00", "2027-10-31 01:00")),
        ("2027-10-31 02:59", "Europe/Berlin", ("2027-10-31 00:59", "2027-10-31 01:59")),
        ("2027-11-07 01:30", "America/New_York", ("2027-11-07 05:30", "2027-11-07 06:30")),
        ("2027-04-04 01:45", "Australia/Lord_Howe", ("2027-04-03 14:45", "2027-04-03 15:15")),
        ("2019-02-16 23:30", "America/Sao_Paulo", ("2019-02-17 01:30", "2019-02-17 02:30")),
    ],
)
def test_time_that_a_clock_shows_twice_has_both(local, zone, choices):
    with pytest.raises(DoubleTime) as error:
        moment_of(datetime.fromisoformat(local), zone)

    assert error.value.choices == tuple(map(utc, choices))


@pytest.mark.parametrize(
    ("moment", "zone", "offset"),
    [
        ("2027-01-15 12:00", "Europe/Berlin", "UTC+01:00"),
        ("2027-07-15 12:00", "Europe/Berlin", "UTC+02:00"),
        ("2027-01-15 12:00", "America/New_York", "UTC-05:00"),
        ("2027-01-15 12:00", "Australia/Lord_Howe", "UTC+11:00"),
        ("2027-07-15 12:00", "Australia/Lord_Howe", "UTC+10:30"),
        ("2027-01-15 12:00", "Asia/Kathmandu", "UTC+05:45"),
        ("2027-01-15 12:00", "UTC", "UTC"),
        ("2027-01-15 12:00", "Africa/Abidjan", "UTC"),
    ],
)
def test_offset_is_that_of_the_moment(moment, zone, offset):
    assert offset_of(utc(moment), zone) == offset


def test_zones_are_places():
    assert {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia"} <= set(zone_names())
    assert not {"Etc/GMT+5", "EST", "localtime", "posixrules", "Factory"} & set(zone_names())
    assert is_zone("Asia/Kathmandu")
    for other in ("", "Mars/Olympus", "../../etc/passwd", "europe/berlin", "Europe/Berlin\0"):
        assert not is_zone(other)
