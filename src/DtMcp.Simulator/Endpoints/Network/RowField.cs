namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>The fields of a row of the sdk dialect, as a set.</summary>
[Flags]
internal enum RowField
{
    None = 0,
    SourceDevice = 1,
    DestinationDevice = 2,
    Protocol = 4,
    SourcePort = 8,
    DestinationPort = 16,
    ApplicationProtocol = 32,
    Bytes = 64,
    Packets = 128,
    Duration = 256,
    StartTime = 512,
    EndTime = 1024,
    Direction = 2048,
    Flags = 4096,
    All = 8191,
}

internal static class RowFields
{
    /// <summary>The fields that <c>responsedata</c> names; all when it names none.</summary>
    public static RowField From(NetworkQuery query)
    {
        var fields = RowField.None;
        foreach (var name in query.Fields ?? [])
        {
            fields |= Enum.TryParse<RowField>(name, ignoreCase: true, out var field) && char.IsAsciiLetter(name[0])
                && field is not RowField.All ? field : RowField.None;
        }

        return fields == RowField.None ? RowField.All : fields;
    }
}
