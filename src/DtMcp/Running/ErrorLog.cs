using System.Buffers;
using DtMcp.Traffic.Answers;

namespace DtMcp.Running;

/// <summary>Logs as lines of text on stderr. A whole logging provider would cost more start-up than the rest of the program.</summary>
internal sealed class ErrorLog(TextWriter error, LogLevel least, TimeProvider timeProvider) : ILoggerFactory
{
    // A client chooses the length of its words.
    private const int LongestMessage = 2_000;

    private static readonly SearchValues<char> EndOfQuery = SearchValues.Create(" \t\r\n'\"");

    /// <summary>Hears each line too: level, category, the words as they stand on stderr, and what was thrown.</summary>
    public Action<LogLevel, string, string, Exception?>? Also { get; set; }

    public ILogger CreateLogger(string categoryName) => new Category(
        this, categoryName[(categoryName.LastIndexOf('.') + 1)..],
        categoryName.StartsWith("ModelContextProtocol", StringComparison.Ordinal));

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one sink.
    }

    public void Dispose()
    {
        // The writer is the process's.
    }

    private sealed class Category(ErrorLog log, string name, bool isProtocol) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (isProtocol && exception is not null && ClientMistakes.Is(exception))
            {
                // The SDK calls a client's typo an unhandled exception, at the level of one; its sender was told.
                if (IsEnabled(LogLevel.Information))
                {
                    log.Write(LogLevel.Information, name, $"a request was refused or given up by its client: {exception.Message}", null);
                }
            }
            else if (IsEnabled(logLevel))
            {
                log.Write(logLevel, name, formatter(state, exception), exception);
            }
        }
    }

    private LogLevel Least => least;

    // An exception's message can hold what a library was given; its type and place are enough to find the fault.
    private void Write(LogLevel level, string name, string message, Exception? exception)
    {
        var word = level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            _ => "error",
        };
        var line = SafeText.Of(WithoutQueries(message), LongestMessage, TextPlace.Line);
        Also?.Invoke(level, name, line, exception);
        error.WriteLine(
            $"{timeProvider.GetUtcNow():yyyy-MM-dd HH:mm:ss} {word} {name}: " +
            $"{line}{(exception is null ? "" : $" ({exception.GetType().Name})")}");
        if (exception is not null && least <= LogLevel.Debug)
        {
            error.WriteLine(exception.StackTrace);
        }
    }

    // A client may put its token into a query by mistake, and libraries log addresses whole.
    private static string WithoutQueries(string message)
    {
        var text = message.Length > LongestMessage * 2 ? message[..(LongestMessage * 2)] : message;
        for (var start = text.IndexOf('?', StringComparison.Ordinal); start >= 0
            && start + 1 < text.Length; start = text.IndexOf('?', start + 1))
        {
            // A question mark before a blank ends a sentence.
            var length = text.AsSpan(start + 1).IndexOfAny(EndOfQuery);
            text = string.Concat(text.AsSpan(0, start + 1), length == 0 ? "" : "...", length < 0 ? "" : text.AsSpan(start + 1 + length));
        }

        return text;
    }
}
