"""Which language a text is in, where that is sure, and nothing where it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT, SHARED
from story import GERMAN, STORY

from attribution.articles.language import function_words, language_of, normal_code

OTHERS = {
    "de": GERMAN,
    "fr": "Le maire de la ville a déclaré lundi que la commune ne paierait pas la taxe et que le pont serait fermé. Selon lui, les "
    "habitants ont été prévenus par une lettre, mais le gouvernement de la région affirme que tout a été réglé dans les délais et que le "
    "conseil le savait très bien. Le vote aura lieu mardi, et les observateurs s'attendent à un résultat serré.",
    "es": "La alcaldesa de Lugo dijo el lunes que la ciudad no pagará la tasa y que el puente se cerrará. El portavoz del gobierno regional "
    "negó la información y aseguró que todo se había pagado, como sabía muy bien el concejo. La votación será el martes y se espera un "
    "resultado muy ajustado, según dos personas que conocen el plan.",
    "it": "La sindaca di Lugo ha detto lunedì che la città non pagherà la tassa e che anche il ponte sarà chiuso. Il portavoce del governo "
    "regionale ha smentito la notizia: tutto è stato pagato, e il consiglio lo sa bene. Il voto è previsto per martedì e si attende un "
    "risultato incerto, secondo due persone che conoscono il piano nei dettagli.",
    "pt": "A presidente da câmara de Lugo disse na segunda-feira que a cidade não vai pagar a taxa e que a ponte também será fechada. O "
    "porta-voz do governo regional negou a notícia e disse que tudo foi pago, como o conselho sabe muito bem. A votação será na terça-feira "
    "e espera-se um resultado renhido, segundo duas pessoas que conhecem o plano.",
    "nl": "De burgemeester van Lugo zei maandag dat de stad de heffing niet zal betalen en dat ook de brug dicht gaat. De woordvoerder van de "
    "regering ontkende het bericht: alles is betaald, en de raad weet dat ook heel goed. De stemming is op dinsdag en er wordt een "
    "nipte uitslag verwacht, zo zeggen twee mensen die het plan kennen.",
    "sv": "Borgmästaren i Lugo sade på måndagen att staden inte kommer att betala avgiften och att även bron ska stängas. Regeringens "
    "talesman förnekade uppgiften och sade att allt har betalats, vilket rådet vet mycket väl. Omröstningen hålls på tisdag och det väntas "
    "bli ett jämnt resultat, enligt två personer som känner till planen.",
    "pl": "Burmistrz miasta powiedziała w poniedziałek, że gmina nie zapłaci tej opłaty i że most też zostanie zamknięty. Rzecznik rządu "
    "zaprzeczył tym doniesieniom: wszystko zostało zapłacone, a rada o tym dobrze wie. Głosowanie odbędzie się we wtorek i oczekuje się, "
    "że wynik będzie bardzo wyrównany, jak mówią dwie osoby, które znają plan.",
    "ru": "Мэр города заявила в понедельник, что город не будет платить этот сбор и что мост тоже будет закрыт. Представитель "
    "правительства опроверг это сообщение: все было оплачено, и совет об этом хорошо знает. Голосование пройдет во вторник, и "
    "ожидается, что результат будет очень близким, как говорят два человека, которые знакомы с планом.",
    "uk": "Міська голова заявила в понеділок, що місто не буде платити цей збір і що міст також буде закрито. Речник уряду спростував це "
    "повідомлення: усе було сплачено, і рада про це добре знає. Голосування відбудеться у вівторок, і очікується, що результат буде дуже "
    "близьким, як кажуть двоє людей, які знають про план.",
    "zh": "市长周一表示，该市不会支付这笔费用，桥梁也将关闭。地区政府发言人否认了这一报道，称所有款项都已付清，市议会对此非常清楚。投票将于周二举行，据两位了解计划的人士说，预计结果将非常接近。居民们说，他们没有得到任何通知。" * 2,
    "ja": "市長は月曜日、市はこの税金を支払わず、橋も閉鎖すると述べた。州政府の報道官はこの報道を否定し、すべて支払われており、市議会もそれをよく知っていると語った。採決は火曜日に行われ、計画を知る二人の関係者によると、接戦が予想される。" * 2,
    "ar": "قالت رئيسة البلدية يوم الاثنين إن المدينة لن تدفع الرسوم وإن الجسر سيغلق أيضا. ونفى المتحدث باسم الحكومة الإقليمية التقرير وقال إن كل شيء قد دفع وإن المجلس يعرف ذلك جيدا.",
    "ko": "시장은 월요일 시가 그 부담금을 내지 않을 것이며 다리도 폐쇄될 것이라고 말했다. 지방 정부 대변인은 이 보도를 부인하며 모든 것이 지불되었고 시의회도 이를 잘 알고 있다고 말했다. 투표는 화요일에 열린다.",
}


@pytest.mark.parametrize("code", OTHERS)
def test_other_languages(code: str) -> None:
    assert language_of(OTHERS[code], told="en") == code


def test_english_is_english_whatever_the_page_says() -> None:
    assert language_of(STORY, told="de") == "en"
    assert language_of(STORY + "\n„Wir zahlen nicht“, sagte sie auf Deutsch.") == "en"


@pytest.mark.parametrize("text", ["", "Ja.", "Nein, sagte er.", "He said no.", GERMAN[:120], "Real Madrid 3 Barcelona 1 " * 30, "12 34 56 " * 100])
def test_what_is_short_or_unclear_stays_undecided(text: str) -> None:
    assert language_of(text) is None


def test_what_the_text_does_not_show_the_source_may_tell() -> None:
    assert [language_of("Ja.", told=t) for t in ("de-CH", "EN_us", "english", "", None)] == ["de", "en", None, None, None]
    assert normal_code(" fr ") == "fr"


def test_every_article_of_ours_is_english() -> None:
    marked = [*(ROOT / "tests" / "gold").glob("*.gold"), *(SHARED / "gold").glob("train/*.gold")]
    texts = [re.sub(r"<[^>]*>", "", p.read_text(encoding="utf-8").split("\n-----\n")[1]) for p in sorted(marked)]
    texts += [p.read_text(encoding="utf-8") for p in sorted((ROOT / "seeds").glob("*.txt"))]
    assert {language_of(text, told="xx") for text in texts} == {"en"}


def test_function_words_are_lower_case_and_no_language_has_few() -> None:
    for code, words in function_words().items():
        assert re.fullmatch("[a-z]{2}", code) and len(words) >= 16 and all(w == w.casefold() for w in words)
    path = Path(ROOT / "attribution" / "articles" / "function_words.tsv")
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(function_words()) + 1
