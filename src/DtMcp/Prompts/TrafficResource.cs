using System.Text.Json;

namespace DtMcp.Prompts;

/// <summary>
/// Something of the traffic that a client attaches by its address: <c>dtmcp://device/12</c> reads as a tool's answer over the last day.
/// </summary>
/// <param name="Name">Its name, and the first part of its address.</param>
/// <param name="Title">For people.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Input">What stands after the name.</param>
/// <param name="Tool">The tool that answers.</param>
/// <param name="Argument">The tool's argument that takes the input.</param>
/// <param name="Fixed">The tool's other arguments.</param>
internal sealed record TrafficResource(string Name, string Title, string Description, PromptInput Input, string Tool, string Argument,
    IReadOnlyDictionary<string, string> Fixed)
{
    public const string MimeType = "text/markdown";

    private const string Scheme = "dtmcp://";

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static IReadOnlyList<TrafficResource> All { get; } =
    [
        new("device", "A device's last day", "Who a device is and what it talked to in the last 24 hours.",
            new PromptInput("did", InputKind.DeviceId, "Device id.", Required: true), "analyze_device_activity", "did", None),
        new("endpoint", "Who talked to an address", "Which devices talked to an address in the last 24 hours, on which ports.",
            new PromptInput("ip", InputKind.DeviceAddress, "IP address, inside or outside.", Required: true), "aggregate_traffic", "peer",
            new Dictionary<string, string> { ["by"] = "device,port" }),
    ];

    /// <summary><c>dtmcp://device/{did}</c>.</summary>
    public string Template { get; } = $"{Scheme}{Name}/{{{Input.Name}}}";

    /// <summary>The resource that an address names, and the arguments it stands for; null for none.</summary>
    public static (TrafficResource Resource, IReadOnlyDictionary<string, JsonElement> Arguments)? Find(string uri)
    {
        foreach (var resource in All)
        {
            var start = $"{Scheme}{resource.Name}/";
            if (uri.StartsWith(start, StringComparison.Ordinal) && Uri.UnescapeDataString(uri[start.Length..]) is { Length: > 0 } value)
            {
                Dictionary<string, JsonElement> arguments = new() { [resource.Argument] = Text(value) };
                foreach (var (name, text) in resource.Fixed)
                {
                    arguments[name] = Text(text);
                }

                return (resource, arguments);
            }
        }

        return null;
    }

    private static JsonElement Text(string value) => JsonElement.Parse($"\"{JsonEncodedText.Encode(value)}\"");
}
