using System.Diagnostics.CodeAnalysis;
using System.Text;

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

    public static TextWriter ErrorText() =>
        TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError(), Utf8, 1024) { AutoFlush = true });
}
