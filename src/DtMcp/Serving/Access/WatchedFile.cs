using DtMcp.Configuration;

namespace DtMcp.Serving.Access;

/// <summary>
/// What a file says, read again while it is used: a secret is changed without a restart. A change that cannot be read keeps what was good,
/// and says so once.
/// </summary>
internal sealed partial class WatchedFile<T>
    where T : class
{
    // Files of secrets are small, and often links to links whose times say nothing: their text is compared.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly Func<string> _read;
    private readonly Func<string, T> _parse;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private volatile T _value;
    private string _text;
    private string? _complaint;
    private long _lookedAt;

    /// <param name="name">What the log calls it.</param>
    /// <param name="read">Its text.</param>
    /// <param name="parse">What the text says.</param>
    /// <param name="clock">When it is due to be looked at.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <exception cref="SetupException">It cannot be read now.</exception>
    public WatchedFile(string name, Func<string> read, Func<string, T> parse, TimeProvider clock, ILogger logger)
    {
        (_name, _read, _parse, _clock, _logger) = (name, read, parse, clock, logger);
        _text = read();
        _value = parse(_text);
        _lookedAt = clock.GetTimestamp();
    }

    public T Current
    {
        get
        {
            // One looks; the others go on with what there is.
            if (_clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= Interval && _looking.TryEnter())
            {
                try
                {
                    LookAgain();
                }
                finally
                {
                    Volatile.Write(ref _lookedAt, _clock.GetTimestamp());
                    _looking.Exit();
                }
            }

            return _value;
        }
    }

    private void LookAgain()
    {
        try
        {
            var text = _read();
            if (text != _text)
            {
                _value = _parse(text);
                _text = text;
                Taken(_name);
            }

            _complaint = null;
        }
        catch (SetupException refused)
        {
            if (refused.Message != _complaint)
            {
                _complaint = refused.Message;
                Kept(_name, refused.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Name} has changed and is taken")]
    private partial void Taken(string name);

    [LoggerMessage(LogLevel.Warning, "{Name} has changed and cannot be taken; what it said before still holds. {Reason}")]
    private partial void Kept(string name, string reason);
}
