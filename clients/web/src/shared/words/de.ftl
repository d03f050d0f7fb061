language = Sprache
nav = Bereiche
cancel = Abbrechen
copied = Kopiert

pin-title = Ihre PIN
pin-field = PIN
pin-wrong = Das war sie nicht. Versuchen Sie es noch einmal.
pin-go = Weiter

scan-camera = Das Bild der Kamera
scan-no-camera = Hier ist keine Kamera, oder die Seite darf sie nicht benutzen. Nehmen Sie einen der Wege unten.
scan-nothing = Auf diesem Bild ist kein Code.
scan-otherwise = Ohne Kamera
scan-paste = Den Text des Codes einfügen
scan-take = Übernehmen
scan-picture = Oder ein Bild davon auswählen

sign-in = Anmelden
sign-in-text = Mit dem Zugangsschlüssel, den Sie von Ihrer Verwaltung haben. Er bleibt in diesem Browser.
sign-in-key = Zugangsschlüssel
sign-in-go = Anmelden
sign-out = Abmelden
signed-in-as = Angemeldet für { $shop } als { $role }.

refused-called-off = Es ist nichts geschehen: Es wurde abgebrochen.
refused-link = Das ist kein Code von Hanse, oder er ist beschädigt.
refused-gateway-away = Im Moment gibt es keine Verbindung. Nichts ist verloren; versuchen Sie es gleich noch einmal.
refused-otherwise = Das hat nicht geklappt: { $reason }.
refused-unauthorized = Dieser Zugangsschlüssel ist falsch, wurde entzogen oder ist abgelaufen. Bitten Sie Ihre Verwaltung um einen neuen.
refused-wallet-WrongWords = Das sind nicht zwölf richtige Wörter. Prüfen Sie jedes.
