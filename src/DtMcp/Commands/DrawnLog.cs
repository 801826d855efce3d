using System.Text;

namespace DtMcp.Commands;

/// <summary>stderr for log lines while something is drawn there, so that neither breaks the other.</summary>
internal sealed class DrawnLog(TextWriter error, ProgressDrawing drawing) : TextWriter
{
    public override Encoding Encoding => error.Encoding;

    public override void Write(char value) => error.Write(value);

    public override void WriteLine(string? value) => drawing.Aside(() => error.WriteLine(value));
}
