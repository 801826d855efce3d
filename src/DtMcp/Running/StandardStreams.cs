using System.Diagnostics.CodeAnalysis;
using System.Text;
using DtMcp.Drawing;

namespace DtMcp.Running;

/// <summary>The process's own streams: the one place that touches the console.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs",
    Justification = "Everything else gets its streams from here, so that nothing can write into the protocol by accident.")]
internal static class StandardStreams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Stream Input() => Console.OpenStandardInput();

    public static Stream Output() => Console.OpenStandardOutput();

    public static TextWriter OutputText() => new StreamWriter(Console.OpenStandardOutput(), Utf8, 4096) { AutoFlush = false };

    public static bool IsInputTerminal => !Console.IsInputRedirected;

    public static bool IsErrorTerminal => !Console.IsErrorRedirected;

    /// <summary>What the terminal of stdout can show; null where stdout is none, or a dumb one.</summary>
    public static TerminalShape? Screen(Func<string, string?> environment)
    {
        var isKnown = OperatingSystem.IsWindows() || environment("TERM") is not (null or "" or "dumb");
        return Console.IsOutputRedirected || !isKnown
            ? null
            : new TerminalShape(Math.Max(40, Console.WindowWidth), HasColours: string.IsNullOrEmpty(environment("NO_COLOR")));
    }

    public static TextWriter ErrorText() =>
        TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError(), Utf8, 1024) { AutoFlush = true });
}
