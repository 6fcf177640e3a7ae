"""What the letters that ship are filled with, when they are tried."""

from __future__ import annotations

LONG_WORD = "Menneskerettighetsorganisasjonssekretariatet"
ROWS: dict[str, list[dict[str, str]]] = {
    "rent-notice": [
        {
            "Leieforhold": "Åsveien 12; H0304",
            "Husleie": "9500",
            "Ny husleie": "9 850,00",
            "Gjelder fra": "01.01.2027",
        }
    ],
    "payment-reminder": [
        {
            "Kundenr.": "100234",
            "Fakturanr": str(880_000 + number),
            "Fakturadato": "2026-08-01 00:00:00",
            "Forfall": "2026-08-22 00:00:00",
            "Beløp": "1000.5",
            "Gebyr": "35",
            "Betalingsfrist": "2026-12-14 00:00:00",
        }
        for number in range(40)
    ],
    "annual-statement": [
        {
            "År": "2026",
            "Leieforhold": "Åsveien 12",
            "Dato": "01.02.2026",
            "Tekst": f"Post nr. {number}",
            "Krav": "" if number % 2 else "9 500,00",
            "Betalt": "9 000,00" if number % 2 else "",
        }
        for number in range(80)
    ],
    "general-meeting": [
        {"Andel": "1234", "Bolig": "H0304", "Møtedato": "22.04.2027", "Frist": "25.03.2027"}
    ],
    "contract-change": [
        {
            "Avtale": f"BB-7400-{LONG_WORD}",
            "Punkt": f"Vilkår {number}: forsinkelsesrentebestemmelser og betalingsbetingelser",
            "I dag": LONG_WORD if number == 1 else "1 måned, fra den første i måneden etter",
            "Nytt": f"Nytt {number}: 2 måneder, fra den første i måneden etter at vi fikk brevet",
            "Gjelder fra": "30.09.2027",
        }
        for number in range(30)
    ],
    "invoice": [
        {
            "Kundenr": "530001",
            "Fakturanr": "990101",
            "Forfall": "30.09.2027",
            "Linje": str(number),
            "Varenr": f"{100_000 + number}",
            "Vare": LONG_WORD if number == 1 else "Heve- og senkepult 160 x 80 cm, hvit eik",
            "Ordre": "45514",
            "Levert": "30.11.2026",
            "Merke": "Prosjekt 12",
            "Antall": "1200",
            "Enhet": "eske",
            "Vekt": "12345,6",
            "Pris": "54900,00",
            "Rabattsats": "12,5",
            "Rabatt": "82350,00",
            "Netto": "576450,00",
            "Mvasats": "25" if number % 2 else "15",
            "Mva": "144112,50",
        }
        for number in range(1, 41)
    ],
    "reply-form": [
        {
            "Kundenr": "540001",
            "E-post": f"gunnhild.kristine.{LONG_WORD.lower()}@example.com",
            "Mobil": "+47 400 00 470",
            "I husstanden": "12",
            "Svarfrist": "30.09.2027",
        }
    ],
    "membership": [
        {
            "Kundenr": "550001",
            "Medlem siden": "1988",
            "Medlemskap": "Familie med fem eller flere barn",
            "Kontingent": "12890,00",
            "År": "2027",
            "Forfall": "30.09.2027",
        }
    ],
    "information": [{"Oppgang": "A", "Oppstart": "30.09.2027", "Ferdig": "30.11.2027"}],
}
"""By template, with the longest there is in every column."""
