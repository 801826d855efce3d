namespace DtMcp.Traffic.Queries;

/// <summary>
/// What a table asks of its connections beside the question's own filters; joined by AND. The device is the one asked about, or an end in
/// the subnet asked about.
/// </summary>
[Flags]
internal enum Terms : ushort
{
    None = 0,

    /// <summary>One end is outside.</summary>
    External = 1,
    Internal = 2,

    /// <summary>External, and the destination is outside.</summary>
    Outbound = 4,

    /// <summary>External, and the destination is inside.</summary>
    Inbound = 8,

    /// <summary>The device is the originator.</summary>
    Started = 16,

    /// <summary>The device is the responder, and not the originator as well.</summary>
    Received = 32,

    /// <summary>Both ends are the device (in the subnet).</summary>
    Within = 64,

    /// <summary>One end is the device (in the subnet), the other is not.</summary>
    Across = 128,

    /// <summary>Either end is the device (in the subnet).</summary>
    Touches = 256,

    /// <summary>The destination port is one of administration or databases (<see cref="SuspiciousPorts"/>).</summary>
    SuspiciousPort = 512,

    /// <summary>The ends are two different devices (in the subnet).</summary>
    Between = 1024,

    /// <summary>Answered by the responder (<see cref="Counting.Answered"/>): a scan uses no port that it tries.</summary>
    Answered = 2048,

    /// <summary>Its bytes were not made up by a sensor.</summary>
    Genuine = 4096,

    /// <summary>Not ICMP, whose rows are mostly replies to those who scan.</summary>
    NotIcmp = 8192,
}

/// <summary>What some terms say of others.</summary>
internal static class ImpliedTerms
{
    /// <summary>What only rows can be narrowed by; the vendor guide's tables hold all.</summary>
    public const Terms OfRows = Terms.Answered | Terms.Genuine | Terms.NotIcmp;

    private const Terms Near = Terms.Started | Terms.Received | Terms.Within | Terms.Across | Terms.Between;

    /// <summary>The terms with all that they imply.</summary>
    public static Terms Whole(this Terms terms) => terms
        | ((terms & Near) != 0 ? Terms.Touches : Terms.None)
        | ((terms & Terms.Between) != 0 ? Terms.Within : Terms.None)
        | ((terms & (Terms.Outbound | Terms.Inbound)) != 0 ? Terms.External : Terms.None);
}

/// <summary>Ports that should not be seen towards the Internet: administration and databases.</summary>
internal static class SuspiciousPorts
{
    private static readonly bool[] Ports = Table(22, 23, 135, 139, 445, 1433, 3306, 3389);

    public static bool Contains(int port) => (uint)port < (uint)Ports.Length && Ports[port];

    // Asked of every row: a look into a table, no row of comparisons.
    private static bool[] Table(params ReadOnlySpan<int> ports)
    {
        var table = new bool[ports[^1] + 1];
        foreach (var port in ports)
        {
            table[port] = true;
        }

        return table;
    }
}
