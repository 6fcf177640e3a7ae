"""Turkish and Baltic lists in 8 bits: refused with the page that is meant, never read otherwise."""

from __future__ import annotations

import pytest
from lists.conftest import Reader

from batchsend.errors import ListError

HEAD = "Kundenr;Navn;Adresse;Postnr;Poststed\r\n"
TURKISH = HEAD + (
    "1;Ayşe Yılmaz;Atatürk Caddesi 5;34000;İstanbul\r\n2;Mustafa Öztürk;Güneş 3;06000;Ankara\r\n"
    "3;Gülşen Çağlar;İnönü Blv. 7;35000;İzmir\r\n4;Uğur Şahin;Kılıç Sk. 1;38000;Kayseri\r\n"
)
LITHUANIAN = HEAD + (
    "1;Žydrūnas Šimkus;Gedimino pr. 5;01103;Vilnius\r\n2;Rūta Kazlauskaitė;Laisvės 1;44240;K\r\n"
    "3;Agnė Žukauskienė;Taikos pr. 3;91222;Klaipėda\r\n"
)
LATVIAN = HEAD + (
    "1;Jānis Bērziņš;Brīvības iela 5;LV-1010;Rīga\r\n2;Līga Kalniņa;Liepu 3;LV-3001;Jelgava\r\n"
)
NORWEGIAN = HEAD + (
    "1;Åse Bjørnsæter;Sørgata 1;0150;Oslo\r\n2;Pål Høyland;Kjærveien 3;5003;Bergen\r\n"
)
ICELANDIC = HEAD + (
    "1;Þór Ólafsson;Laugavegur 3;101;Reykjavík\r\n2;Guðrún Ægisdóttir;Aðalstræti 5;600;Akureyri\r\n"
    "3;Hallþór Eyþórsson;Mýrargata 2;101;Reykjavík\r\n4;Sigþrúður Þorláksdóttir;Ægisíða 9;107;R\r\n"
)
FAROESE = (
    HEAD + "1;Bárður Óladóttir;Dýrugøta 3;100;Tórshavn\r\n2;Jógvan Rói;Skálavík 1;220;Skála\r\n"
)
FINNISH = HEAD + "1;Äijö Hämäläinen;Mäkitie 5;33100;Tampere\r\n2;Šimon Žukov;Öljytie 1;00100;H\r\n"
POLISH = HEAD + (
    "1;Łukasz Żółć;ul. Piękna 3;00-001;Łódź\r\n2;Małgorzata Dąbrowska;ul. Długa 5;80-001;Gdańsk\r\n"
)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (TURKISH, "cp1254"),
        (LITHUANIAN, "cp1257"),
        (LATVIAN, "cp1257"),
        (NORWEGIAN, "cp1257"),
        (NORWEGIAN + LITHUANIAN.removeprefix(HEAD), "cp1257"),
    ],
)
def test_the_page_that_is_meant_is_named_and_then_read(read: Reader, text: str, codec: str) -> None:
    with pytest.raises(ListError, match="do not tell for certain") as refused:
        read(text.encode(codec))
    assert f'encoding = "{codec}"' in str(refused.value.hint)
    names = read(text.encode(codec), encoding=codec).rows.collect()["c1"].to_list()
    assert names == [line.split(";")[1] for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        *((text, "cp1252") for text in (NORWEGIAN, ICELANDIC, FAROESE, FINNISH)),
        (NORWEGIAN + ICELANDIC.removeprefix(HEAD), "cp1252"),
        (NORWEGIAN + "3;Ayhan Çelik Öztürk;Gata 1;0150;Oslo\r\n", "cp1254"),
        (POLISH, "cp1250"),
    ],
)
def test_lists_of_other_languages_are_read(read: Reader, text: str, codec: str) -> None:
    names = read(text.encode(codec)).rows.collect()["c1"].to_list()
    assert names == [line.split(";")[1] for line in text.splitlines()[1:]]
