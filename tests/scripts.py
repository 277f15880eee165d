"""Texts as people might type them, over the three scripts and what else a keyboard has."""

from __future__ import annotations

from hypothesis import strategies as st

LATIN = "abcdefghijklmnopqrstuvwxyzABÉèêçœŒïñßÿ0123456789"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيٱپڤگکیًَُِّْ٠١٢٣٤٥٦٧٨٩۰۵"
TIFINAGH = "".join(map(chr, range(0x2D30, 0x2D68))) + "ⵯ"
BETWEEN = " '’-.,؛،\t\u00a0\u200f\u2009!🐝"

#: Words of one script, words of several, and anything else text can hold.
TYPED = st.one_of(
    *(st.text(alphabet + BETWEEN, max_size=40) for alphabet in (LATIN, ARABIC, TIFINAGH, LATIN + ARABIC + TIFINAGH)),
    st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=("Cs", "Cn")), max_size=20),
)
