using System.Text;
using DtMcp.Traffic.Answers;

namespace DtMcp.Running;

/// <summary>
/// stderr for words: whatever they repeat (a name of the network, a path, a client's typo), nothing in it moves the cursor, turns the
/// direction or draws over a line. What is drawn on a terminal goes past this.
/// </summary>
internal sealed class VisibleText(TextWriter to) : TextWriter
{
    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => to.Write(Of(value.ToString()));

    public override void Write(string? value) => to.Write(Of(value));

    public override void Write(char[] buffer, int index, int count) => to.Write(Of(new string(buffer, index, count)));

    public override void WriteLine(string? value) => to.WriteLine(Of(value));

    public override Task WriteAsync(string? value) => to.WriteAsync(Of(value));

    public override Task WriteLineAsync(string? value) => to.WriteLineAsync(Of(value));

    public override void Flush() => to.Flush();

    private static string? Of(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var visible = new StringBuilder();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOfAny('\n', '\r', '\t') is var at and >= 0 ? at : rest.Length;
            SafeText.Append(visible, rest[..length], int.MaxValue, TextPlace.Line);
            if (length < rest.Length)
            {
                // A lone \r would draw over its line.
                var isLone = rest[length] == '\r' && rest[(length + 1)..] is not ['\n', ..];
                visible.Append(isLone ? "\\u000D" : rest[length].ToString());
                length++;
            }

            rest = rest[length..];
        }

        return visible.ToString();
    }
}
