namespace DtMcp.Traffic.Questions;

/// <summary>What a tool's question needs beside its filters.</summary>
/// <param name="IntExt">The side that the tool itself implies.</param>
/// <param name="WantsSeries">Bytes by device and hour.</param>
/// <param name="WantsOutside">The peers outside beside everything else.</param>
/// <param name="IsAboutDevice">One device, which is described.</param>
/// <param name="WantsOwnBytes">What each device received and sent itself.</param>
internal readonly record struct ToolNeeds(string? IntExt = null, bool WantsSeries = false, bool WantsOutside = false,
    bool IsAboutDevice = false, bool WantsOwnBytes = false)
{
    public static ToolNeeds Of(string tool) => tool switch
    {
        "summarize_external_traffic" => new ToolNeeds(IntExt: "external"),
        "summarize_network_traffic" => new ToolNeeds(WantsOwnBytes: true),
        "analyze_bandwidth" => new ToolNeeds(WantsSeries: true, WantsOwnBytes: true),
        "get_network_traffic" or "compare_traffic" => new ToolNeeds(WantsOutside: true),
        "analyze_device_activity" => new ToolNeeds(IsAboutDevice: true),
        _ => default,
    };
}
