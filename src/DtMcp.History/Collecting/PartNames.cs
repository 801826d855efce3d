using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Collecting;

/// <summary>Puts the names of an hour into the history while they are read, a page at a time.</summary>
internal sealed class PartNames(
    HistoryServer server, HistoryTables tables, int batch, string appliance, long hourMs, ulong part, CancellationToken cancellationToken)
{
    /// <summary>Addresses of one answer that are kept, so that a row fits the reader's room: an answer of DNS with more is none.</summary>
    private const int MostAnswers = 2_000;

    private readonly RowBinaryWriter _rows = new();
    private readonly byte[] _first = PartRows.First(appliance, hourMs, part);

    public long Rows { get; private set; }

    /// <summary>Bytes that were sent.</summary>
    public long Bytes { get; private set; }

    /// <summary>Puts in entries of a kind; those without a time are found by no question.</summary>
    public void Add(NameKind kind, IReadOnlyList<NameRecord> records)
    {
        foreach (var record in records)
        {
            if (record.TimeMs is { } time)
            {
                // Its search rounds halves up, the entry to the even one: it is of this hour.
                Add(kind, record, Math.Clamp(time, hourMs, hourMs + HistoryHour.LengthMs - 1));
                Rows++;
            }
        }

        if (_rows.Length >= batch)
        {
            Send();
        }
    }

    /// <summary>Sends the last rows.</summary>
    public void Finish() => Send();

    private void Add(NameKind kind, NameRecord record, long time)
    {
        _rows.Raw(_first);
        _rows.U8((byte)kind);
        _rows.I64(time);
        _rows.Address(record.Source);
        _rows.Address(record.Host);
        _rows.U8((byte)((record.Host.IsPresent ? NameBits.Host : 0) | (record.Ports is null ? 0 : NameBits.Ports)
            | (record.Failure is null ? 0 : NameBits.Failure) | (record.UserAgent is null ? 0 : NameBits.UserAgent)));
        _rows.U16((ushort)(record.Ports?.Source ?? 0));
        _rows.U16((ushort)(record.Ports?.Host ?? 0));
        _rows.Text(record.Name);
        _rows.Addresses(record.Answers.Count > MostAnswers ? [.. record.Answers.Take(MostAnswers)] : record.Answers);
        _rows.Text(record.Failure);
        _rows.Text(record.UserAgent);
    }

    private void Send()
    {
        if (_rows.Length > 0)
        {
            server.Insert(HistoryTables.Columns(tables.Names, HistoryTables.NamesColumns), _rows.Rows, cancellationToken);
            Bytes += _rows.Length;
            _rows.Clear();
        }
    }
}
