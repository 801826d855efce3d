using System.Text;
using Spectre.Console;

namespace DtMcp.Commands;

/// <summary>stderr for log lines: as it is, and above a bar while one is drawn, so that neither breaks the other.</summary>
internal sealed class DrawnLog(TextWriter error) : TextWriter
{
    private volatile IAnsiConsole? _bar;

    /// <summary>The terminal with a bar on it; null while there is none.</summary>
    public IAnsiConsole? Bar
    {
        get => _bar;
        set => _bar = value;
    }

    public override Encoding Encoding => error.Encoding;

    public override void Write(char value) => error.Write(value);

    public override void WriteLine(string? value)
    {
        if (_bar is { } terminal)
        {
            terminal.WriteLine(value ?? "");
        }
        else
        {
            error.WriteLine(value);
        }
    }
}
