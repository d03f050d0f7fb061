till-title = الصندوق
nav-sale = بيع
nav-refund = إرجاع
nav-register = عميل
nav-day = اليوم

till-away = لا نقاط الآن
till-away-text = لا يوجد اتصال لهذا الصندوق. استخدم طريقة دفع أخرى أو انتظر: سيستمر تلقائيًا.
till-wrong-role = هذا المفتاح لـ { $role }. يحتاج الصندوق إلى مفتاح صندوق.

sale-title = بيع جديد
sale-points = للدفع بالنقاط
sale-points-hint = السعر بالنقود. ويُظهر هاتف العميل كم نقطة يساوي.
sale-money = دُفع نقدًا
sale-reward = يمنح { $points } عن كل { $unit }.
sale-no-reward = لا يمنح شيئًا: اختر النقاط في «اليوم».
sale-go = متابعة
sale-order = الطلب
sale-code = رمز لدفع { $price }
sale-wait = بانتظار العميل …
sale-almost = قُبل. سيصبح نهائيًا بعد لحظة …
sale-slip = لا شبكة في الهاتف
sale-slip-expect = امسح الرمز الذي يظهره الهاتف بعد التوقيع.
sale-paid = تم الدفع
sale-final = نهائي
sale-accepted = مقبول
sale-wrong = دُفع سعر آخر
sale-wrong-text = وصل { $price }. أعده وابدأ من جديد.
sale-expired = لم يدفع أحد في الوقت المناسب.
sale-awarding = تُمنح النقاط …
sale-awarded = مُنحت { $points } عن هذا الشراء.
sale-customer = نقاط للعميل
sale-customer-expect = امسح رمز العميل أو تابع بدونه.
sale-next = العميل التالي
sale-drop = تخلَّ عن هذا البيع
sale-without = المتابعة دون نقاط

refund-title = إرجاع
refund-latest = أو اختر إحدى آخر الدفعات
refund-paid = دُفع { $price } في { $at }.
refund-before = عاد منه { $value } بالفعل.
refund-amount = كم يُعاد
refund-none = لا دفعة لهذا الطلب في آخر 30 يومًا.
refund-go = أعد
refund-done = أُعيد
refund-next = آخر

register-title = عميل جديد
register-scan = امسح الرمز الذي يظهره العميل تحت «رمزي».
register-reference = رقم العميل
register-reference-hint = كما هو في متجرك.
register-person = رقم الشخص
register-person-hint = نفسه في كل متجر، كرقم الهوية. يبقى هنا؛ ولا تغادر المتجر إلا بصمة مشفرة.
register-recover = يجوز لنا المساعدة إذا فُقد المفتاح
register-go = متابعة
register-show = يمسح العميل هذا في «الدفع» ويوافق.
register-code = رمز يطلب الموافقة
register-read = وافق العميل: امسح الجواب
register-read-expect = امسح الرمز الذي يظهره هاتف العميل الآن.
register-done = تم التسجيل
register-next = آخر

day-title = { $date }
day-rest = المقبوض بالنقاط ناقص المرتجع
day-taken = { $count ->
    [one] دفعة واحدة
   *[other] { $count } دفعات
}
day-back = المرتجع
day-given = { $count ->
    [one] نقاط مُنحت مرة واحدة
   *[other] نقاط مُنحت { $count } مرات
}
day-elsewhere = { $count ->
    [one] مُنحت نقاط مرة أخرى في هذا الصندوق من جهاز آخر، وهي في إقفاله.
   *[other] مُنحت نقاط { $count } مرات أخرى في هذا الصندوق من جهاز آخر، وهي في إقفاله.
}
day-awards = النقاط الممنوحة
day-points = النقاط
day-open = { $count ->
    [one] طلب واحد مفتوح.
   *[other] { $count } طلبات مفتوحة.
}
day-time = الوقت
day-price = السعر
day-print = اطبع

rule-title = قواعد هذا الصندوق
rule-program = نقاط للمشتريات
rule-none = لا شيء
rule-rate = النقاط عن كل { $unit } تُدفع نقدًا
rule-final = انتظر حتى النهائي ابتداءً من
