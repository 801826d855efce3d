using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>What was seen of one name.</summary>
internal sealed class NameUse(string name)
{
    private readonly Dictionary<NetAddress, long> _answers = [];

    public string Name => name;

    /// <summary>Times that it was looked up.</summary>
    public long Lookups { get; private set; }

    /// <summary>Of these, times that nobody had it.</summary>
    public long Nowhere { get; private set; }

    /// <summary>Times that it was called over TLS or HTTP.</summary>
    public long Calls { get; private set; }

    public HashSet<NetAddress> Devices { get; } = [];

    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; }

    /// <summary>The addresses that it stood for, the commonest first.</summary>
    public IReadOnlyList<NetAddress> Addresses =>
        [.. _answers.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key)];

    public void Add(NameKind kind, NameRecord record)
    {
        if (kind == NameKind.Dns)
        {
            Lookups++;
            Nowhere += record.IsNowhere ? 1 : 0;
            foreach (var answer in record.Answers)
            {
                Note(answer);
            }
        }
        else
        {
            Calls++;
            Note(record.Host);
        }

        Devices.Add(record.Source);
        if (record.TimeMs is { } time)
        {
            (First, Last) = (Math.Min(First, time), Math.Max(Last, time));
        }
    }

    private void Note(NetAddress address)
    {
        if (address.IsPresent)
        {
            _answers[address] = _answers.GetValueOrDefault(address) + 1;
        }
    }
}

/// <summary>All names of what was read.</summary>
internal sealed class NameBook
{
    private readonly Dictionary<string, NameUse> _uses = new(StringComparer.Ordinal);

    public NameBook(IEnumerable<(NameKind Kind, NameRecord Record)> records)
    {
        foreach (var (kind, record) in records)
        {
            if (!_uses.TryGetValue(record.Name, out var use))
            {
                _uses[record.Name] = use = new NameUse(record.Name);
            }

            use.Add(kind, record);
        }
    }

    public IReadOnlyCollection<NameUse> Uses => _uses.Values;
}
