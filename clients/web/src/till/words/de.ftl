till-title = Kasse
nav-sale = Verkauf
nav-refund = Rückgabe
nav-register = Kunde
nav-day = Der Tag

till-away = Gerade keine Punkte
till-away-text = Diese Kasse hat keine Verbindung. Nehmen Sie einen anderen Weg zu zahlen, oder warten Sie: Es geht von selbst weiter.
till-wrong-role = Dieser Schlüssel ist für { $role }. Eine Kasse braucht einen für eine Kasse.

sale-title = Neuer Verkauf
sale-points = Mit Punkten zu zahlen
sale-points-hint = Der Preis, in Geld. Wie viele Punkte das sind, sagt dem Kunden sein Telefon.
sale-money = Mit Geld bezahlt
sale-reward = Bringt { $points } für je { $unit }.
sale-no-reward = Bringt nichts: Wählen Sie die Punkte unter „Der Tag“.
sale-go = Weiter
sale-order = Bestellung
sale-code = Ein Code, um { $price } zu zahlen
sale-wait = Warten auf den Kunden …
sale-almost = Angenommen. Gleich ist es endgültig …
sale-slip = Das Telefon hat kein Netz
sale-slip-expect = Scannen Sie den Code, den das Telefon nach dem Unterschreiben zeigt.
sale-paid = Bezahlt
sale-final = Endgültig
sale-accepted = Angenommen
sale-wrong = Es wurde ein anderer Preis gezahlt
sale-wrong-text = { $price } sind eingegangen. Geben Sie es zurück und fangen Sie neu an.
sale-expired = Niemand hat rechtzeitig gezahlt.
sale-awarding = Punkte werden gegeben …
sale-awarded = { $points } für diesen Einkauf gegeben.
sale-customer = Punkte für den Kunden
sale-customer-expect = Scannen Sie den Code des Kunden, oder machen Sie ohne weiter.
sale-next = Nächster Kunde
sale-drop = Diesen Verkauf aufgeben
sale-without = Ohne Punkte weiter

refund-title = Rückgabe
refund-latest = Oder eine der letzten Zahlungen wählen
refund-paid = { $price } wurden am { $at } gezahlt.
refund-before = { $value } davon kamen schon zurück.
refund-amount = Wie viel zurückgeht
refund-none = In den letzten 30 Tagen gibt es keine Zahlung zu dieser Bestellung.
refund-go = Zurückgeben
refund-done = Zurückgegeben
refund-next = Noch eine

register-title = Neuer Kunde
register-scan = Scannen Sie den Code, den der Kunde unter „Mein Code“ zeigt.
register-reference = Kundennummer
register-reference-hint = Wie Ihr Geschäft sie führt.
register-person = Nummer der Person
register-person-hint = In jedem Geschäft dieselbe, etwa die eines Ausweises. Sie bleibt hier; nur ein verschlüsselter Fingerabdruck verlässt das Geschäft.
register-recover = Wir dürfen helfen, wenn der Schlüssel verloren geht
register-go = Weiter
register-show = Der Kunde scannt das unter „Zahlen“ und stimmt zu.
register-code = Ein Code, der um Zustimmung bittet
register-read = Der Kunde hat zugestimmt: die Antwort scannen
register-read-expect = Scannen Sie den Code, den das Telefon des Kunden jetzt zeigt.
register-done = Angemeldet
register-next = Noch einer

day-title = { $date }
day-rest = Mit Punkten eingenommen, abzüglich der Rückgaben
day-taken = { $count ->
    [one] Eine Zahlung
   *[other] { $count } Zahlungen
}
day-back = Zurückgegeben
day-given = { $count ->
    [one] Punkte gegeben, einmal
   *[other] Punkte gegeben, { $count } Mal
}
day-elsewhere = { $count ->
    [one] Einmal wurden an dieser Kasse noch Punkte auf einem anderen Gerät gegeben, das sie in seinem Abschluss hat.
   *[other] { $count } Mal wurden an dieser Kasse noch Punkte auf einem anderen Gerät gegeben, das sie in seinem Abschluss hat.
}
day-awards = Gegebene Punkte
day-points = Punkte
day-open = { $count ->
    [one] Eine Anfrage ist offen.
   *[other] { $count } Anfragen sind offen.
}
day-time = Zeit
day-price = Preis
day-print = Drucken

rule-title = Regeln dieser Kasse
rule-program = Punkte für Einkäufe
rule-none = keine
rule-rate = Punkte für je { $unit }, die mit Geld bezahlt werden
rule-final = Auf Endgültigkeit warten ab
