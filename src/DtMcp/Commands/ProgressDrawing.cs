using DtMcp.Running;
using DtMcp.Traffic.Questions;
using Spectre.Console;

namespace DtMcp.Commands;

/// <summary>
/// How far a call has come, as a line on a terminal: there once it has taken a while, gone when it ends. The terminal is opened for the
/// first thing drawn and never before, since already opening it changes its mode. Spectre's own live displays would do the same for some
/// 0.6 MB more of program.
/// </summary>
internal sealed class ProgressDrawing(Func<IAnsiConsole?> terminal, TimeProvider clock) : IProgress<AskProgress>, IDisposable
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";
    private const string EraseLine = "\r\u001b[2K";

    /// <summary>What is over sooner is not worth a flicker.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly long _start = clock.GetTimestamp();
    private readonly ProgressCourse _course = new();
    private readonly Lock _gate = new();
    private IAnsiConsole? _console;
    private ProgressLine? _line;
    private bool _isOpened;
    private bool _isOver;

    public void Report(AskProgress value)
    {
        lock (_gate)
        {
            var all = _course.Add(value);
            var elapsed = clock.GetElapsedTime(_start);
            if (_isOver || elapsed < Patience)
            {
                return;
            }

            if (!_isOpened)
            {
                _isOpened = true;
                _console = terminal();
                Draw(HideCursor);
            }

            _line = new ProgressLine(all, elapsed);
            Draw("\r", _line);
        }
    }

    /// <summary>Writes something else to the terminal: the line makes way for it and stands below it again.</summary>
    public void Aside(Action write)
    {
        lock (_gate)
        {
            Draw(EraseLine);
            write();
            Draw("\r", _line);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Draw(EraseLine + ShowCursor);
            _console = null;
        }
    }

    private void Draw(string control, ProgressLine? line = null)
    {
        try
        {
            _console?.Write(new ControlCode(control));
            if (line is not null)
            {
                _console?.Write(line);
            }
        }
        catch (IOException)
        {
            // The terminal went away: no reason to lose the answer.
            _console = null;
        }
    }
}
