"""The second kind of run: only what new rows touch is computed again, in the files of the run before.

A run begins with what the last one left (`base`), compares its inputs (`compared`), and makes each model anew as far as
it must (`remaking`): not at all, for the keys that changed (`locality`, `relations`, `scope`), or wholly. See
docs/decisions.
"""
