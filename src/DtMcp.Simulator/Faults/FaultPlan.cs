using System.Globalization;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Faults;

/// <summary>Which requests go wrong, and how: a fault by name for all of them, or <c>busy:2</c> for the first two.</summary>
internal sealed class FaultPlan
{
    private static readonly (string Name, FaultKind Kind)[] Known =
    [
        ("signature", FaultKind.Signature), ("date", FaultKind.Date), ("permission", FaultKind.Permission),
        ("not-found", FaultKind.NotFound),
        ("login-page", FaultKind.LoginPage), ("busy", FaultKind.Busy), ("error-500", FaultKind.Error500), ("slow", FaultKind.Slow),
        ("cut-off", FaultKind.CutOff), ("bad-json", FaultKind.BadJson), ("reset", FaultKind.Reset), ("probe", FaultKind.Probe),
    ];

    private readonly FaultKind? _kind;
    private long _left;

    private FaultPlan(FaultKind? kind, long count)
    {
        _kind = kind;
        _left = count;
    }

    public static IEnumerable<string> Names => Known.Select(fault => fault.Name);

    public static FaultPlan Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new FaultPlan(null, 0);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        var count = long.MaxValue;
        if (colon >= 0 && (!long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out count)
            || count == 0))
        {
            throw new SimulatorException($"fault '{text}': after the colon stands the number of requests that go wrong, as in {name}:2");
        }

        foreach (var fault in Known)
        {
            if (fault.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return new FaultPlan(fault.Kind, count);
            }
        }

        throw new SimulatorException($"unknown fault '{name}'; there are {string.Join(", ", Names)}");
    }

    /// <summary>The fault of the next request; null for none.</summary>
    public FaultKind? Next() => _kind is not null && Interlocked.Decrement(ref _left) >= 0 ? _kind : null;
}
