/** What a shell needs to ask `wardline complete` for the words that fit. Where there are none it offers files. */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export const completionScripts: { readonly [Name in Shell]: string } = {
  bash: `# wardline completion for bash; put this into ~/.bashrc:  source <(wardline completion bash)
_wardline() {
  local line words word
  line="\${COMP_LINE:0:COMP_POINT}"
  read -r -a words <<<"$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  word="\${words[\${#words[@]}-1]}"
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" complete -- "\${words[@]:1}" 2>/dev/null))
  # Bash completes from the last of these signs on.
  local sign
  for sign in = :; do
    if [[ "$COMP_WORDBREAKS" == *"$sign"* && "$word" == *"$sign"* ]]; then
      local start="\${word%"$sign"*}$sign"
      COMPREPLY=("\${COMPREPLY[@]#"$start"}")
    fi
  done
}
complete -o default -F _wardline wardline
`,
  zsh: `#compdef wardline
# wardline completion for zsh; put this into ~/.zshrc after compinit:  source <(wardline completion zsh)
_wardline() {
  local -a found
  found=(\${(f)"$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then
    compadd -- "\${found[@]}"
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_wardline" ]; then
  _wardline "$@"
else
  compdef _wardline wardline
fi
`,
  fish: `# wardline completion for fish; write this to ~/.config/fish/completions/wardline.fish
function __wardline_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found ($words[1] complete -- $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c wardline -f -a '(__wardline_complete)'
`,
};
