language = اللغة
nav = الأقسام
cancel = إلغاء
copied = تم النسخ

pin-title = رقمك السري
pin-field = الرقم السري
pin-wrong = ليس هذا هو الرقم. حاول مرة أخرى.
pin-go = متابعة

scan-camera = صورة الكاميرا
scan-no-camera = لا توجد كاميرا هنا، أو لا يُسمح للصفحة باستخدامها. استخدم إحدى الطرق أدناه.
scan-nothing = لا يوجد رمز في هذه الصورة.
scan-otherwise = بدون كاميرا
scan-paste = ألصق نص الرمز
scan-take = استخدمه
scan-picture = أو اختر صورة له

sign-in = تسجيل الدخول
sign-in-text = بمفتاح الدخول الذي أعطاك إياه المسؤول. يبقى في هذا المتصفح.
sign-in-key = مفتاح الدخول
sign-in-go = دخول
sign-out = خروج
signed-in-as = تم الدخول باسم { $shop } بصفة { $role }.

refused-called-off = لم يحدث شيء: تم الإلغاء.
refused-link = هذا ليس رمزًا من هانزه، أو أنه تالف.
refused-gateway-away = لا يوجد اتصال الآن. لم يضِع شيء؛ حاول بعد لحظة.
refused-otherwise = لم ينجح ذلك: { $reason }.
refused-unauthorized = مفتاح الدخول خاطئ أو سُحب أو انتهى. اطلب من المسؤول مفتاحًا جديدًا.
refused-wallet-WrongWords = هذه ليست اثنتي عشرة كلمة صحيحة. راجع كل واحدة منها.
