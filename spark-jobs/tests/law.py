"""What the law says of holidays, by another way than the model's: published lists, Easter by dateutil."""

from datetime import date, timedelta

from dateutil.easter import easter  # type: ignore[import-untyped]  # it comes without types

#: Bank holidays of England as gov.uk lists them, of years with every kind of exception.
ENGLAND = {
    2011: "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2015: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
}
FIXED = {
    "de": "01-01 05-01 10-03 12-25 12-26",
    "fr": "01-01 05-01 05-08 07-14 08-15 11-01 11-11 12-25",
}
#: Days after Easter Sunday.
MOVABLE = {"de": (-2, 1, 39, 50), "fr": (1, 39, 50)}


def days_of(year: int, text: str) -> set[date]:
    """Days of a year, written as `01-31 12-25`."""
    return {date.fromisoformat(f"{year}-{day}") for day in text.split()}


def holidays(country: str, year: int) -> set[date]:
    """All of Germany's or France's; 2017 had the Reformation's fifth centenary."""
    movable = {easter(year) + timedelta(days) for days in MOVABLE[country]}
    once = {date(2017, 10, 31)} if (country, year) == ("de", 2017) else set()
    return days_of(year, FIXED[country]) | movable | once
