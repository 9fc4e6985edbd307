"""Citizen numbers (公民身份号码, GB 11643-1999): check digit, birth date, sex; masked and keyed forms.

The number itself never enters the record: what is recorded is a keyed digest whose key is kept with the names and
destroyed with them.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date
from operator import mul

from fourgates import canon
from fourgates.errors import Refused

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)


def normalise(text: str) -> str:
    """The number as it is compared: no white space, half-width digits, upper-case X."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_digit(first17: str) -> str:
    """The 18th character for the first 17 (ISO 7064 MOD 11-2)."""
    if len(first17) != len(_WEIGHTS):
        raise ValueError(first17)
    return _CHECK[sum(map(mul, _WEIGHTS, map(int, first17))) % 11]


def check(number: str) -> None:
    """Raises ``Refused`` (rule 1.1) unless ``number``, already normalised, is a well-formed citizen number.

    The area code is that of the first registration and is not compared with today's districts.
    """
    if not _SHAPE.fullmatch(number):
        if re.fullmatch(r"[0-9]{15}", number, re.ASCII):
            raise Refused("1.1", "公民身份号码是旧的15位号码")
        raise Refused("1.1", "公民身份号码应为17位数字加一位校验码，读到{length}个字符", length=len(number))
    try:
        birth(number)
    except ValueError:
        raise Refused("1.1", "公民身份号码中的出生日期{digits}不存在", digits=number[6:14]) from None
    if check_digit(number[:17]) != number[17]:
        raise Refused(
            "1.1", "公民身份号码校验码不对：前17位对应的校验码是{right}", right=check_digit(number[:17])
        )


def birth(number: str) -> date:
    """The birth date inside the number; ``ValueError`` when there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def female(number: str) -> bool:
    """Whether the sequence digits say a woman (even)."""
    return int(number[16]) % 2 == 0


def masked(number: str) -> str:
    """The number with birth date and sequence hidden, for screens: ``629921***********X``."""
    return f"{number[:6]}{'*' * 11}{number[17]}" if len(number) == 18 else "*" * len(number)


def keyed(key: bytes, *parts: str) -> str:
    """A digest of ``parts`` that cannot be found again by trying all values without ``key``: 24 hexadecimal digits.

    HMAC-SHA-256 cut to 96 bits; the same parts under the same key give the same text.
    """
    return hmac.digest(key, canon.spell(parts), "sha256")[:12].hex()
