namespace DtMcp.Commands;

/// <summary>
/// What makes a shell ask DtMcp itself for completions: so they are those of the installed version, the arguments of the tool that stands
/// on the line with them.
/// </summary>
internal static class ShellCompletions
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["powershell"] = PowerShell,
    };

    // bash takes = for the end of a word: what stands before it on the line must not be given again.
    private const string Bash =
        """
        # bash completion for dtmcp: put into ~/.local/share/bash-completion/completions/dtmcp
        _dtmcp() {
            local line=${COMP_LINE:0:COMP_POINT} word candidate
            word=${line##*[[:space:]]}
            COMPREPLY=()
            while IFS= read -r candidate; do
                [[ $candidate == "$word"* ]] || continue
                case $word in *=*) candidate=${candidate#"${word%%=*}="} ;; esac
                COMPREPLY+=("$candidate")
            done < <(dtmcp "[suggest:${#line}]" "$line" 2>/dev/null)
            [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
            return 0
        }
        complete -o default -F _dtmcp dtmcp

        """;

    private const string Zsh =
        """
        #compdef dtmcp
        # zsh completion for dtmcp: put into a directory of $fpath as _dtmcp
        _dtmcp() {
            local line="${(j: :)words[1,CURRENT]}"
            local -a candidates names
            candidates=("${(@f)$(dtmcp "[suggest:${#line}]" "$line" 2>/dev/null)}")
            names=(${(M)candidates:#*=})
            candidates=(${candidates:#*=})
            (( ${#names} )) && compadd -S '' -- $names
            (( ${#candidates} )) && compadd -- $candidates
            return 0
        }
        if [ "$funcstack[1]" = "_dtmcp" ]; then _dtmcp "$@"; else compdef _dtmcp dtmcp; fi

        """;

    private const string Fish =
        """
        # fish completion for dtmcp: put into ~/.config/fish/completions/dtmcp.fish
        function __dtmcp_complete
            set -l line (commandline -cp)
            dtmcp "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c dtmcp -f -a '(__dtmcp_complete)'

        """;

    private const string PowerShell =
        """
        # PowerShell completion for dtmcp: add to $PROFILE
        Register-ArgumentCompleter -Native -CommandName dtmcp -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = $commandAst.ToString().PadRight($cursorPosition)
            dtmcp "[suggest:$cursorPosition]" "$line" 2>$null | Where-Object { $_ -like "$wordToComplete*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
