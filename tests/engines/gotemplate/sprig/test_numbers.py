"""Numbers: conversions of the package cast, 64 bits, and decimal fractions."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("010", "8", id="octal"),
        pytest.param("0x10", "16", id="hexadecimal"),
        pytest.param("0b11", "3", id="binary"),
        pytest.param("1_000", "1000", id="underscore"),
        pytest.param("_1", "0", id="underscore in front"),
        pytest.param("08", "0", id="no octal digit"),
        pytest.param("12.7", "12", id="decimal places"),
        pytest.param("-.5", "0", id="decimal places only"),
        pytest.param("1e3", "0", id="exponent"),
        pytest.param("9223372036854775808", "0", id="too large"),
        pytest.param("0" * 200 + "7", "7", id="zeros in front"),
        pytest.param(" 5", "0", id="space"),
        pytest.param("٣", "0", id="digit of another script"),
    ],
)
def test_reads_integers_like_cast(text: str, expected: str) -> None:
    """What is no integer is 0."""
    assert expected == render("{{ int .t }}", {"t": text})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("{{ add 9223372036854775807 1 }}", str(-(2**63)), id="wraps"),
        pytest.param("{{ mul 4611686018427387904 4 }}", "0", id="wraps to nothing"),
        pytest.param("{{ div -7 2 }} {{ mod -7 2 }}", "-3 -1", id="toward 0"),
        pytest.param("{{ addf 0.1 0.2 }}", "0.3", id="decimal"),
        pytest.param("{{ divf 2 3 }}", "0.6666666666666667", id="16 places"),
        pytest.param("{{ round 1.005 2 }}", "1", id="binary"),
        pytest.param("{{ round 15 -1 }}", "20", id="tens"),
        pytest.param("{{ round -2.5 0 }}", "-3", id="down"),
        pytest.param('{{ atoi "99999999999999999999" }}', str(2**63 - 1), id="nearest"),
        pytest.param("{{ toDecimal 777 }}", "511", id="octal digits"),
        pytest.param("{{ seq 5 -2 1 }}", "5 3 1", id="steps down to the last"),
        pytest.param("{{ seq 2 0 }}", "2 1 0", id="down to 0"),
        pytest.param("{{ untilStep 3 0 -2 }}", "[3 1]", id="steps down"),
        pytest.param('{{ max 1 2.9 "3" }}', "3", id="largest"),
    ],
)
def test_computes_like_sprig(source: str, expected: str) -> None:
    """The result is Go's."""
    assert render(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ div 1 0 }}", "runtime error: integer divide by zero"),
        ("{{ mod 1 0 }}", "runtime error: integer divide by zero"),
        ("{{ divf 1 0 }}", "decimal division by 0"),
        ('{{ addf "inf" }}', "Cannot create a Decimal from +Inf"),
    ],
)
def test_panics_like_go(source: str, message: str) -> None:
    """What Go panics with is the text of the error."""
    assert complaint(source) == message
