"""config.toml: the settings of one installation, and the objects that jobs make from them.

config             all settings and their defaults; `load` reads a file
mail_settings      [mail], [recipients], [ledger], [schedule]
clock_settings     [clocks]
layout_settings    [layout], [sheets]
field_types        the types of values, each with a problem and a remedy
error_messages     checks the data of a file and names every mistake with its line
errors             a mistake as data
toml_file          the text of a file, and what keeps it from being TOML
toml_lines         the line of each key
build              what a job works with: load_config, open_store, names_of, rules_of, council_of
secrets            from the environment or the keyring
paths              the folder for this program's own files
"""
