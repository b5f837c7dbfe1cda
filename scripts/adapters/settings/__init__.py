"""config.toml: the settings of one installation, and the objects that jobs make from them.

config           all settings and their defaults; `load` reads a file
mail_settings    [mail], [recipients], [ledger], [schedule]     layout_settings  [layout], [sheets]
field_types      the types of values, each with a problem and a remedy
error_messages   checks the data of a file and names every mistake with its line
errors           a mistake as data                              toml_file, toml_lines  text, syntax errors, lines
build            load_config, open_store, names_of, rules_of, council_of: what a job works with
secrets          from the environment or the keyring            paths  the folder for this program's own files
"""
