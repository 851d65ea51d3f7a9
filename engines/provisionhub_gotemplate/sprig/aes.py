"""AES-256 in CBC mode, to decrypt only.

A few short secrets in a template are what it is for: the standard library has no
AES, and a package for that alone would weigh more than these lines.
"""

from __future__ import annotations

from typing import Final

BLOCK_BYTES: Final = 16
_WORDS_OF_KEY: Final = 8
_ROUNDS: Final = 14
_POLYNOMIAL: Final = 0x11B


def _multiply(left: int, right: int) -> int:
    """Return a product in the field of 256 elements that AES computes in."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0x100:
            left ^= _POLYNOMIAL
        right >>= 1
    return product


def _substitutions() -> bytes:
    """Return the S-box: each element's inverse, its bits mixed."""
    box = bytearray(256)
    inverse = power = 1
    while True:
        # 3 generates the field, and 0xf6 is its inverse: all elements come by.
        power = _multiply(power, 0x03)
        inverse = _multiply(inverse, 0xF6)
        mixed = inverse
        for shift in range(1, 5):
            mixed ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box[power] = mixed ^ 0x63
        if power == 1:
            break
    box[0] = 0x63
    return bytes(box)


_BOX: Final = _substitutions()
_INVERSE_BOX: Final = bytes(_BOX.index(octet) for octet in range(256))
_UNSHIFTED: Final = tuple(
    (at - 4 * (at % 4)) % BLOCK_BYTES for at in range(BLOCK_BYTES)
)
_TIMES: Final = {
    factor: bytes(_multiply(octet, factor) for octet in range(256))
    for factor in (9, 11, 13, 14)
}


def _round_keys(key: bytes) -> list[bytes]:
    """Return the keys of all rounds, each of one block."""
    words = [key[at : at + 4] for at in range(0, len(key), 4)]
    constant = 1
    while len(words) < 4 * (_ROUNDS + 1):
        word = words[-1]
        if len(words) % _WORDS_OF_KEY == 0:
            word = (word[1:] + word[:1]).translate(_BOX)
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _multiply(constant, 2)
        elif len(words) % _WORDS_OF_KEY == _WORDS_OF_KEY // 2:
            word = word.translate(_BOX)
        words.append(_xor(word, words[-_WORDS_OF_KEY]))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))


def _unmix(state: bytes) -> bytes:
    """Undo the mixing of each column's four bytes."""
    nine, eleven, thirteen, fourteen = (_TIMES[each] for each in (9, 11, 13, 14))
    mixed = bytearray()
    for at in range(0, BLOCK_BYTES, 4):
        a, b, c, d = state[at : at + 4]
        for one, two, three, four in (
            (a, b, c, d),
            (b, c, d, a),
            (c, d, a, b),
            (d, a, b, c),
        ):
            mixed.append(fourteen[one] ^ eleven[two] ^ thirteen[three] ^ nine[four])
    return bytes(mixed)


def _decrypt_block(block: bytes, keys: list[bytes]) -> bytes:
    state = _xor(block, keys[-1])
    for index in range(_ROUNDS - 1, -1, -1):
        shifted = bytes(state[at] for at in _UNSHIFTED)
        state = _xor(shifted.translate(_INVERSE_BOX), keys[index])
        if index:
            state = _unmix(state)
    return state


def decrypt_chained(key: bytes, start: bytes, encrypted: bytes) -> bytes:
    """Return what *encrypted* was, padding included.

    Args:
        key: 32 bytes.
        start: The first block's predecessor, 16 bytes.
        encrypted: Whole blocks.
    """
    keys = _round_keys(key)
    plain: list[bytes] = []
    previous = start
    for at in range(0, len(encrypted), BLOCK_BYTES):
        block = encrypted[at : at + BLOCK_BYTES]
        plain.append(_xor(_decrypt_block(block, keys), previous))
        previous = block
    return b"".join(plain)
