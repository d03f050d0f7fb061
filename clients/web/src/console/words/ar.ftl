console-title = لوحة التحكم
