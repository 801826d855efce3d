using System.Text;
using Spectre.Console;

namespace DtMcp.Running;

/// <summary>
/// The terminal behind stderr, for what is drawn beside an answer. stdout may well be a file then: it has no part in this.
/// </summary>
internal static class ErrorTerminal
{
    /// <summary>Null where nothing can be drawn: no terminal, a dumb one, or one that a build machine keeps as a log.</summary>
    public static IAnsiConsole? Open(TextWriter error, bool isTerminal, Func<string, string?> environment)
    {
        // Windows terminals do without TERM and have to be asked for ANSI; Spectre does that.
        var isKnown = OperatingSystem.IsWindows() || environment("TERM") is not (null or "" or "dumb");
        if (!isTerminal || !isKnown)
        {
            return null;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new Output(error),
            Ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes,
            // Found out, this would ask stdin and stdout, which may be files; a build machine that Spectre knows still turns it off.
            Interactive = InteractionSupport.Yes,
            ColorSystem = string.IsNullOrEmpty(environment("NO_COLOR")) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        return console.Profile.Capabilities is { Ansi: true, Interactive: true } ? console : null;
    }

    /// <summary>Spectre's own would not know a writer of ours for a terminal; how wide one is, it finds out.</summary>
    private sealed class Output(TextWriter writer) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _known = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => _known.Width;

        public int Height => _known.Height;

        public void SetEncoding(Encoding encoding)
        {
            // The writer keeps its UTF-8.
        }
    }
}
