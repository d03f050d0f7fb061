till-title = Till
nav-sale = Sale
nav-refund = Refund
nav-register = Customer
nav-day = The day

till-away = No points right now
till-away-text = This till has no connection. Take another way to pay, or wait: it goes on by itself.
till-wrong-role = This key is for { $role }. A till needs one for a till.

sale-title = New sale
sale-points = To pay with points
sale-points-hint = The price, in money. The customer's wallet says how many points that is.
sale-money = Paid with money
sale-reward = Earns { $points } for each { $unit }.
sale-no-reward = Earns nothing: choose the points in “The day”.
sale-go = Go on
sale-order = Order
sale-code = A code to pay { $price }
sale-wait = Waiting for the customer …
sale-almost = Accepted. It will be final in a moment …
sale-slip = The phone has no network
sale-slip-expect = Scan the code that the phone shows after signing.
sale-paid = Paid
sale-final = Final
sale-accepted = Accepted
sale-wrong = Another price was paid
sale-wrong-text = { $price } came in. Refund it, and begin anew.
sale-expired = Nobody paid in time.
sale-awarding = Giving points …
sale-awarded = { $points } given for this purchase.
sale-customer = Points for the customer
sale-customer-expect = Scan the customer's code, or go on without.
sale-next = Next customer
sale-drop = Give up this sale
sale-without = Go on without points

refund-title = Refund
refund-latest = Or choose one of the last payments
refund-paid = { $price } were paid on { $at }.
refund-before = { $value } of it came back already.
refund-amount = How much goes back
refund-none = No payment of this order in the last 30 days.
refund-go = Give back
refund-done = Given back
refund-next = Another one

register-title = New customer
register-scan = Scan the code that the customer shows under “My code”.
register-reference = Customer number
register-reference-hint = As your shop has it.
register-person = Number of the person
register-person-hint = The same at every shop, as of an identity card. It stays here; only a keyed fingerprint leaves the shop.
register-recover = We may help if the key is lost
register-go = Go on
register-show = The customer scans this under “Pay”, and agrees.
register-code = A code that asks for consent
register-read = The customer agreed: scan the answer
register-read-expect = Scan the code that the customer's phone shows now.
register-done = Registered
register-next = Another one

day-title = { $date }
day-rest = Taken with points, less what went back
day-taken = { $count ->
    [one] One payment
   *[other] { $count } payments
}
day-back = Given back
day-given = { $count ->
    [one] Points given, once
   *[other] Points given, { $count } times
}
day-elsewhere = { $count ->
    [one] One more award was made at this till on another device, which has it in its closing.
   *[other] { $count } more awards were made at this till on another device, which has them in its closing.
}
day-awards = Points given
day-points = Points
day-open = { $count ->
    [one] One request is open.
   *[other] { $count } requests are open.
}
day-time = Time
day-price = Price
day-print = Print

rule-title = Rules of this till
rule-program = Points for purchases
rule-none = none
rule-rate = Points for each { $unit } paid with money
rule-final = Wait until it is final from
