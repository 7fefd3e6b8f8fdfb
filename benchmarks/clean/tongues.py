"""Sentences in other languages, with all their accents."""

from __future__ import annotations

import random

_ENGLISH = (
    "The delegation visited {n} plants (see Annex {m}), signed a memorandum of understanding and left on Friday.",
    "“Who pays?” she asked. “Nobody does,” he said—and that was that…",
    "Investment rose 8.{m}% year-on-year to US$ {n} million; R&D spending fell (from {n} to {m}).",
    "It’s the firm’s naïve résumé of a café’s façade, isn’t it?! Yes!! No??",
    "Section {m}(a)(b)(c): the co-operation agreement applies, mutatis mutandis, to O'Brien & Sons.",
    "E-mail: office@example.com; tel. +86 (731) {n}; 10 × 20 m² ≈ 200 m², 25 °C ± 1 °C, £{m}, €{n}, ¥{m}.",
)
_OTHERS = (
    "L’été dernier, la délégation a visité l’usine d’Évreux ; « c’est très prometteur », a déclaré le maire — {n} €.",
    "À Noël, où êtes-vous allés ? Çà et là, nous avons goûté des crêpes, des pâtés et du thé glacé. Œuvre n° {m}.",
    "Größere Grundstücke gehören überwiegend den Städten; „schön“, sagte Frau Müller, „aber teuer“ – {n} m² für {m} €.",
    "Die Straßenbahn fährt über die Brücke nach Köln-Mülheim, danach heißt es: Füße hoch! Äpfel, Öl, Übung.",
    "Tỉnh Quảng Ninh đã thu hút {n} dự án đầu tư nước ngoài; những người dân ở đây rất phấn khởi về điều đó.",
    "Chúng tôi đề nghị các doanh nghiệp đăng ký trước ngày {m} tháng sau để được hưởng ưu đãi về thuế.",
    "¿Cuántas empresas llegaron el año pasado? ¡Más de {n}! El señor Núñez lo explicó así: «mañana habrá más».",
    "A câmara não aprovou a isenção; o município já tem {n} indústrias e não há espaço para expansão.",
    "Gdańsk, Łódź i Wrocław przyciągnęły {n} inwestorów; większość z nich żąda krótszych terminów.",
    "Příští týden přijede další delegace; starosta řekl, že město má {m} volných pozemků.",
    "Завод открыл новую линию, объём инвестиций составил {n} млн рублей; «это только начало», — сказал директор.",
    "Η εταιρεία υπέγραψε συμφωνία ύψους {n} εκατομμυρίων ευρώ με τον δήμο.",
    "新しい工場は来年四月に稼働する予定で、投資額は約{n}億円です。「楽しみですね」と町長は話した。",
    "ｶﾀｶﾅの半角文字と、全角のカタカナが混ざった文章です。ー、・「」。コーヒー、テレビ、ニュース。",
    "새 공장은 내년 4월에 가동될 예정이며 투자액은 약 {n}억 원입니다. “기대됩니다”라고 시장이 말했다.",
    "نمت الاستثمارات بنسبة {m} بالمئة خلال العام الماضي، بحسب البلدية.",
    "İstanbul’daki fabrika {n} işçi alacak; görüşmeler şubat ayında başlayacak, ağır değil.",
    "Şehrin en büyük yatırımı {m} milyon; çok güzel ölçülü.",
    "Orðið „þjóð“ er íslenskt; Ærø og Ålesund ligger ved sjøen, ÅÄÖ åäö, Øresund.",
    "ÀÁÂÃÄÅ ÆÇ ÈÉÊË ÌÍÎÏ ÐÑ ÒÓÔÕÖ ØÙÚÛÜ ÝÞß àáâãäå æç èéêë ìíîï ðñ òóôõö øùúûü ýþÿ",
)


def english(chance: random.Random) -> str:
    """English sentences."""
    return _filled(_ENGLISH, chance)


def others(chance: random.Random) -> str:
    """Sentences in one other language, or in all of them."""
    return _filled(chance.sample(_OTHERS, chance.choice((1, 2, 8))), chance)


def _filled(sentences: list[str] | tuple[str, ...], chance: random.Random) -> str:
    chosen = chance.choices(sentences, k=15)
    return "\n".join(each.format(n=chance.randint(100, 9999), m=chance.randint(2, 60)) for each in chosen)
