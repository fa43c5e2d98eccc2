"""Django's rules for a new password, each saying in one sentence what to do.

(Django's own Chinese says only what is wrong, and lacks the sentence on length.)
"""

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext as _


class LongEnough(rules.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("密码太短了，请至少用%(count)d个字符。") % {"count": self.min_length}


class NotOnesName(rules.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("密码和您的%(verbose_name)s太像了，请换一个。")


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("这个密码用的人太多，容易被猜到，请换一个。")


class NotOnlyDigits(rules.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("密码不能全是数字，请加上几个字母。")
