language = Language
nav = Sections
cancel = Cancel
copied = Copied

pin-title = Your PIN
pin-field = PIN
pin-wrong = That was not it. Try again.
pin-go = Go on

scan-camera = The camera's picture
scan-no-camera = There is no camera here, or the page may not use it. Use one of the ways below.
scan-nothing = There is no code in that picture.
scan-otherwise = Without a camera
scan-paste = Paste the code's text
scan-take = Take it
scan-picture = Or choose a picture of it

sign-in = Sign in
sign-in-text = With the access key that your administrator gave you. It stays in this browser.
sign-in-key = Access key
sign-in-go = Sign in
sign-out = Sign out
signed-in-as = Signed in for { $shop } as { $role }.

refused-called-off = Nothing was done: it was called off.
refused-link = That is no code of Hanse, or it is damaged.
refused-gateway-away = There is no connection right now. Nothing is lost; try again in a moment.
refused-otherwise = That did not work: { $reason }.
refused-unauthorized = This access key is wrong, was withdrawn, or has ended. Ask your administrator for a new one.
refused-wallet-WrongWords = Those are not twelve right words. Check each of them.
