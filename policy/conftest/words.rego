# Words and directives as Conftest's nginx parser hands them over: quotes stay on, comments are gone, includes are
# not followed.
package nginx.words

# A word as nginx reads it: quotes off, the escapes of ngx_conf_read_token resolved.
plain(word) := unescaped(substring(word, 1, count(word) - 2)) if is_quoted(word)

else := unescaped(word)

is_quoted(word) if {
	count(word) > 1
	some quote in {`"`, "'"}
	startswith(word, quote)
	endswith(word, quote)
}

unescaped(text) := strings.replace_n(
	{`\"`: `"`, `\'`: "'", `\\`: `\`, `\t`: "\t", `\r`: "\r", `\n`: "\n"},
	text,
)

args(directive) := [plain(word) | some word in object.get(directive, "parameters", [])]

# The first word behind the name of a directive; undefined when there is none.
first_arg(directive) := args(directive)[0]

is_block(directive) if directive.block

inside(directive) := directive.block.directives

named(directives, name) := [directive | some directive in directives; directive.name == name]

blocks(directives, name) := [directive | some directive in named(directives, name); is_block(directive)]
