namespace DtMcp.Hosting;

/// <summary>Logs as lines of text on stderr. A whole logging provider would cost more start-up than the rest of the program.</summary>
internal sealed class ErrorLog(TextWriter error, LogLevel least, TimeProvider timeProvider) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one sink.
    }

    public void Dispose()
    {
        // The writer is the process's.
    }

    private sealed class Category(ErrorLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
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
        error.WriteLine($"{timeProvider.GetUtcNow():yyyy-MM-dd HH:mm:ss} {word} {name}: {OneLine(message)}{(exception is null ? "" : $" ({exception.GetType().Name})")}");
        if (exception is not null && least <= LogLevel.Debug)
        {
            error.WriteLine(exception.StackTrace);
        }
    }

    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 ? text : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
