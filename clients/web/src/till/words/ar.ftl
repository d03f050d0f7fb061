till-title = الصندوق
