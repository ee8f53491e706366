from django.db import migrations


class Migration(migrations.Migration):
    """The column has always held the version of the rules, and was called by another name."""

    dependencies = [("store", "0001_initial")]

    operations = [migrations.RenameField("campaignrun", "rights_version", "rules_version")]
