"""Signs that common fonts lack, such as ⊙ and raised brackets, as a font of their own that an SVG carries with it.

The glyphs are those of DejaVu Sans 2.37, whose changes are in the public domain; what is under it is

    Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of Bitstream, Inc.

    Permission is hereby granted, free of charge, to any person obtaining a copy of the fonts accompanying this license
    ("Fonts") and associated documentation files (the "Font Software"), to reproduce and distribute the Font Software,
    including without limitation the rights to use, copy, merge, publish, distribute, and/or sell copies of the Font
    Software, and to permit persons to whom the Font Software is furnished to do so, subject to the following
    conditions: The above copyright and trademark notices and this permission notice shall be included in all copies of
    one or more of the Font Software typefaces. The Font Software may be modified, altered, or added to, and in
    particular the designs of glyphs or characters in the Fonts may be modified and additional glyphs or characters may
    be added to the Fonts, only if the fonts are renamed to names not containing either the words "Bitstream" or the
    word "Vera". This License becomes null and void to the extent applicable to Fonts or Font Software that has been
    modified and is distributed under the "Bitstream Vera" names. The Font Software may be sold as part of a larger
    software package but no copy of one or more of the Font Software typefaces may be sold by itself.
    THE FONT SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
    TO ANY WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF COPYRIGHT, PATENT,
    TRADEMARK, OR OTHER RIGHT. IN NO EVENT SHALL BITSTREAM OR THE GNOME FOUNDATION BE LIABLE FOR ANY CLAIM, DAMAGES OR
    OTHER LIABILITY, INCLUDING ANY GENERAL, SPECIAL, INDIRECT, INCIDENTAL, OR CONSEQUENTIAL DAMAGES, WHETHER IN AN
    ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF THE USE OR INABILITY TO USE THE FONT SOFTWARE OR FROM
    OTHER DEALINGS IN THE FONT SOFTWARE. Except as contained in this notice, the names of Gnome, the Gnome Foundation,
    and Bitstream Inc., shall not be used in advertising or otherwise to promote the sale, use or other dealings in
    this Font Software without prior written authorization from the Gnome Foundation or Bitstream Inc., respectively.

Made by ``pyftsubset DejaVuSans.ttf --text=… --no-hinting --layout-features= --name-IDs= --flavor=woff2``.
"""

from __future__ import annotations

SIGNS = "⁰ⁱ⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋ᴴᵀᵖᵢₖₙₜⱼₘₚ∘∛⊕⊙⊗⋮⌊⌋⚠⟨⟩"
"""What the font has."""
FAMILY = "gradgraph signs"


def style(text: str) -> str:
    """The font as an element of an SVG, if one of its signs is in `text`; else nothing.

    Examples
    --------
    >>> style("a + b"), len(style("a ⊙ b")) > 3000
    ('', True)
    """
    if not any(sign in text for sign in SIGNS):
        return ""
    return f'<style>@font-face {{ font-family: "{FAMILY}"; src: url(data:font/woff2;base64,{_WOFF2}) }}</style>'


_WOFF2 = (
    "d09GMgABAAAAAAloAAwAAAAAEoQAAAkZAAJeuAAAAAAAAAAAAAAAAAAAAAAAAAAAH4I+BlYAgVQRDAqaLJUNATYCJAOBdAt8AAQgBQYHIBuUDlGU"
    "UVIuwc/DmMimhQ8FipDmVoSUChWKtNx7JraQNuHL3M4vQVRrVVZVzw7Q3j0xaAJLHpCEPPeKWB2Hf1QEDrF/4M/1lrzEJWiQg/ejVx3tdd6BbEAB"
    "Ze6XU/1P9r+VtoAVkY0W6p0kdw9UZDvfpZZZF4YKx5p8A978tV+r/92xmCbVUmmdvn//zc7umeGSRDSZlGihmHkohMQQEomUqZEQecrElOrQX4YM"
    "Gb53KwhAAs95AZmMDEI9ANoLODEQjANQ06S5bBE1DG0pEJtiA9qIepWHcBopNNcpUNmu3h00xeHPJJiqSM4zEBtojwFAZ1JAgcIYEkABOGOiwnj7"
    "J2MEYBwhQDwBlEk+EZTyCdC5thgVcg5jIIgP5gDizc9jN1CqPaCWFbPIqbqeQBWY2QDJoResK5RDTreEiHYTx/+OMjeskscAsmpxMIC2TCXR3Qjq"
    "MxgKBlnmZ15zPB7TS4qpw7RhOjGjmJmYuZj5fq5+Hn4z/Gb5zfF7528ZVBf8MqL9/39wRa/FaDAdmO6YZoOF7MUyL+89OvVo+6O19xfcn3d/LvkR"
    "Tr4/6f7Eew737PVz9LP1s/QF+tBbc25Srx0GFCS1FSLQ/x4D+TTYIUyytxwH9wNadbdRJVHiFLP+exQUelczDVX+J9JMKquJ0FWC2s11hKzsNMjS"
    "xmVR2qfWyqmwcs7S3lVfM+vuPbMVixfVtpbuna0aZkQzjEwqjggRqwrXMY+kOjDO/ga669aPtxwYBzpKr6O7IQoK2aH9GRiZ0zV+3MhFU478Vt6a"
    "FItXUyQR4UBzx9Q64bzGkHMMxU6WtEF+7NLD16FCRUi2kVFZLlA2yFC1icxRPqiKzPH0DM3WTEpVdlo91CcyNE2tNgtQgzBmU8xkvG3SN3YFXz3U"
    "95T+uEF58ywBSxLdOGCZQnKCeI9ZQsa6KeMVMPIxP9AxrT91Eudoe4nTanTnKyUkEqA4azLOB69aKwXQT28oPMulvXx3l6TkR0B5Yk97QUd9HnKw"
    "+eeU0l/1Se/N/9PRsT4y3M8qzpZtyVJQH8HfPsGMpAdHnHzvPEZ3o+Yqk3GY/tb3FDkzL0Z7CTcyD9jZgVQn66DFiYz9IreVSqyPcLfkcg26ZGHR"
    "+ZC/sScN7fEYklGQKWUDVFlpotqme+0dN/TOfPenh8JvKGbxmj5EtqW1+gIzCUOyjaraTo1cJUYxF91Sj1H6RBhNn7W/TGAkHwvkGAS6Tmykw+fJ"
    "X9ZGWyKERhNuqbufzUX8bOUvlmD6+gwZRSxNkigodmbBnFRQPSW0tk9+M5qhTf7po/AkFW4L/J4NYP1uixN7N6L2b9onEo4TimKSKjcHVl+zoKqa"
    "TKqqJJPpv5JEqq4hducgMRvuRtbl9e/eOTi0bdvQ4K49YNdks3oDs9r7OStGmKciMxJa/Ir92vAe/R6pUzb0VY5iPboA0yzmoeWV1PYDA1tS2x0L"
    "HVrSGt3yq5qIRdhqXCWzUigUZ2WkyTJEIQo02bmhxK4LnTx5NSIr5IjA/FhyfvW9EM3TIO34hepQMF1RavY0JwbWR7B98lpbmfWaXg2Yfn3QxbrI"
    "6i7onnhxYhfAvOeeIuLT7qdEMGUaopx8+paAAcIsRWwcAuF9/kk1TbxiJo6jKudLkQZEoq5OIuArCtxywwqac6k1jcOdbZombjELy1WXw8tfBESK"
    "iJJrEgk9JA6JG5LhXt9DGC6qWPwkOyFnN2iy+VWAzYmGre/J7+mE3yVNzKbBiPBGOoPM2AqYw7POxjLiGOs31DhIpf2G9UVnblyyRn9NB/ZLltrr"
    "rkmHTNyoUR3t6bweKhOWJjp5rPQcqhraO3nvwhYwe/oM/omGzu8+ts1ziQAvwPUNibGi0s0ZHehcdN2I/m5hTY9iY7pETYLKgQ4eY6vY/gE8bozC"
    "ZgX4c3kfaq0EVObWObY7H5uPM5+9QDunYAoNR8P3d7GITMKUVZv0upMVmgpkZ6yLK5iceAZlI52OOQwXP74AGBd2F4fF4csYAj4POxPrwKehLz8s"
    "kS9r8KakklPl2PsPqGgOuqWI3ELPYeQsXITv2UIsYUWcyH6qY1CMPudmf31Co315DJMvgMrcO8X05GPzsOZzhu/VFk5eNau/h4lnEaasYlazqnUn"
    "y3dT4lwdW6HiH2VqRkE8lx/vD4HtKlJEiSmlLB4JzKaPCRYFg1vFYPE+ym8Dyj9al0LQG9UV1fmrqBrZIewDk0ZV1PFRHZEKBjwiXtirGLvPkM7Q"
    "ToPQ3SEdEDHXpU3TxCGwicKKT3HFQ7XJ2Jb2AShs7TggbggMKspz+NzQHuFKcpf8P07GkonX+UG8IBwOj8ftqiqnImc4GWtNS9fyqpUo+x3fyiQS"
    "qTSmMQYZ0zIsYRlrtGQIGrVjjECt830K+Vq5Ym34xUumv8n98ztxb2r6PepPc7P0l0K0oR781+lGtrB9sN42/9q/a7Aph9DvNphM+ziJ6nz12Q/V"
    "cW6DpenxJjCf0AQuE7RgtvXJscVgjhDyuFUVOhUDT6WsO6aH1G8607h+58wVI6E5jr2x1nluaP8WNG0ymIfMXeBwhFAQL3dzSawaifvkMCffyTGe"
    "5kCnzXd0yo+HnfvRyyavpaTsCyqxmn0IBfBPXqMcOaTIUImqqAbVojaoLWqH2qMIxagTSmSpYDedwP5/V+2DIAIIcxtslMFqMMTqvr+/go/WV031"
    "fqfbEYKtgRnM8F96RrAD4L2pYPmPGrZDRwvoCctHCOh2oyPV4QJkwxeulPk1AD7/DFAJ48Dhb4DTArwUtOm2WS9Fe0mZQWaBAPrcVNzHtWmvox73"
    "9uje3IY/IHcsUAqk2A7aUTL9jcAtbLSZPs+VBbv9S4/e79OjAFR4e8/nitci24xvZl4RADwfOZ8FAO8G/FrqX/77Y3I61AJEoAAgQFj13wuIwASe"
    "KM2T6ae5Cygd0GSJCClI47WidBWxs3SZo7eIqUHcH7C3qmrKx1+qabVqmJxnAyiBB5XACaG5VLTe8h1qClUWA+Ila9D12jUHXZ8EuocagYHMDdzI"
    "pAGV7eybVke5E4HNNB8207BTDrhs1Ak8I4xArvNdoFx+xi8CBTCNHIxgCoZ3Q2WvCtik8DfhkgA="
)
