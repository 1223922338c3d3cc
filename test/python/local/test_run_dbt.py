"""What a person may say to dbt beside what `sluice dbt` says to it."""

import pytest

from run_dbt import own_variables


@pytest.mark.parametrize(
    ("arguments", "given", "rest"),
    [
        (["build", "--select", "a+"], {}, ["build", "--select", "a+"]),
        (
            ["build", "--vars", "{day: '2011-01-04', n: 2}", "-s", "a"],
            {"day": "2011-01-04", "n": 2},
            ["build", "-s", "a"],
        ),
        (["ls", "--vars", ""], {}, ["ls"]),
        (["ls", "--vars"], {}, ["ls"]),
    ],
)
def test_variables_of_a_person_are_taken_out_of_the_arguments(
    arguments: list[str], given: dict[str, object], rest: list[str]
) -> None:
    assert own_variables(arguments) == (given, rest)
