using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Wire;

/// <summary>A query that the history did not answer. The server's own words are not among it: they may hold text of the network.</summary>
internal sealed class HistoryException(string happened, string remedy, int code = 0, Exception? inner = null)
    : HistoryAwayException(happened, remedy, inner)
{
    /// <summary>ClickHouse's number of the error; 0 when none was told.</summary>
    public int Code { get; } = code;

    /// <summary>Whether asking again may help: nothing answered, or the server is full.</summary>
    public bool IsPassing => Code is 0 or TooManyQueries or NetworkError or SocketTimeout;

    private const int TooManyQueries = 202;
    private const int SocketTimeout = 209;
    private const int NetworkError = 210;

    public static HistoryException Of(int code) => code switch
    {
        158 or 307 => new("The history reads no more rows for one question.",
            "Ask a shorter window, or raise DTMCP_HISTORY_MAX_ROWS.", code),
        159 => new("The history took too long.", "Ask a shorter window, or raise DTMCP_HISTORY_TIMEOUT.", code),
        241 => new("The history has too little memory for the question.",
            "Ask a shorter window, or raise DTMCP_HISTORY_MEMORY_MB.", code),
        16 or 47 => new("The history's tables are of an earlier version.", "Run dtmcp collect of this version, which changes them.", code),
        60 or 81 => new("The history has no tables yet.", "Run dtmcp collect, which makes them.", code),
        164 => new("The user of the history may not write.", "Give dtmcp collect a user that may (DTMCP_HISTORY_USER).", code),
        192 or 193 or 194 or 195 or 497 or 516 =>
            new("The history knows no such user or password.", "Check DTMCP_HISTORY_USER and DTMCP_HISTORY_PASSWORD_FILE.", code),
        394 => new("The query to the history was stopped.", "Ask again.", code),
        TooManyQueries => new("The history answers too many questions already.", "Ask again in a while.", code),
        279 or NetworkError or SocketTimeout => new("A shard of the history does not answer.", "Look at ClickHouse's nodes.", code),
        _ => new($"The history refused the query (ClickHouse's error {code}).", "Look into ClickHouse's log.", code),
    };
}
