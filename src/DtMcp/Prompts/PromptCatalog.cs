using DtMcp.Tools;
using DtMcp.Tools.Arguments;

namespace DtMcp.Prompts;

/// <summary>Every prompt: one investigation each, in the order an analyst works.</summary>
internal static class PromptCatalog
{
    private const int LongestInput = 256;

    private static readonly PromptInput Device =
        new("device", InputKind.Device, "Host name, label, MAC, IP or did of the device.", Required: true);

    private static readonly PromptInput Breach =
        new("breach", InputKind.Text, "What the alert says: its model, or its id.", Required: true);

    private static readonly PromptInput Peer =
        new("peer", InputKind.Text, "The far end: address or name; left out when any is meant.", Required: false);

    private static readonly PromptInput Subnet =
        new("subnet", InputKind.Subnet, "Only this range, in CIDR form.", Required: false);

    private static readonly PromptInput Last =
        new("last", InputKind.Window, "How far back, such as 24h or 7d; 24h when left out.", Required: false);

    public static IReadOnlyList<PromptDefinition> All { get; } =
    [
        new(
            "investigate_device", "Investigate a device", "What one device did, with whom, and whether any of it needs attention.",
            [Device, Last],
            inputs => $"""
                Investigate the device "{inputs["device"]}" over the last {inputs["last"]}.
                1. find_devices to learn its did; ask me if several fit.
                2. analyze_device_activity for that did: what is unusual in its destinations, ports and model breaches?
                3. hunt_traffic and compare_traffic for the same did.
                Report what stands out with its figures and times (UTC), which evidence the answers stand on, and what they could not tell.
                Do not guess beyond the figures.
                """),
        new(
            "review_day", "Review a day", "What an analyst should look at today: new, suspicious and largest.", [Last],
            inputs => $"""
                Review the network traffic of the last {inputs["last"]}.
                1. summarize_network_traffic and summarize_external_traffic for the picture.
                2. compare_traffic against=day for what is new, gone and grown.
                3. hunt_traffic for beacons, uploads, scans and admin ports to the outside.
                List the three things most worth a look, each with who, when, figures, and the innocent explanation to rule out first.
                """),
        new(
            "find_uploads", "Find uploads", "Who sends data to the Internet, and whether that is usual for them.", [Last],
            inputs => $"""
                Find who uploaded data to the Internet in the last {inputs["last"]}.
                1. hunt_traffic kind=upload, then summarize_external_traffic.
                2. For each candidate, analyze_device_activity and compare_traffic against=week.
                Say for each whether it is usual for that device, where the data went (country, network), how much and when.
                """),
        new(
            "triage_breach", "Triage a model breach", "Whether an alert of Darktrace stands up against the traffic itself.",
            [Device, Breach, Last],
            inputs => $"""
                Darktrace reports "{inputs["breach"]}" on the device "{inputs["device"]}". Triage it over the last {inputs["last"]}.
                1. find_devices to learn its did; analyze_device_activity for that did:
                   do its model breaches and destinations fit the report?
                2. get_network_traffic for that did around the time of the alert: the connections that it stands on.
                3. compare_traffic against=week for that did: is it new or usual?
                   aggregate_traffic by=device peer=(the far end): who else does it?
                Close with one of: benign (why), suspicious (what to check next, where), confirmed (which figures).
                Quote figures and times (UTC).
                """),
        new(
            "investigate_beacon", "Investigate a beacon", "Whether regular calls outside are a service or command and control.",
            [Device, Peer, Last],
            inputs => $"""
                Investigate regular calls of the device "{inputs["device"]}"{To(inputs)} over the last {inputs["last"]}.
                1. find_devices to learn its did, then hunt_traffic kind=beacon for it.
                2. For each beacon: get_network_traffic with its peer and destinationport (starts, bytes, state);
                   aggregate_traffic by=device peer=(the far end): who else calls it, and as regularly?
                3. compare_traffic against=week: since when?
                For each say the period and its spread, bytes each way, the far end's name, country and network, how many devices call it,
                and the innocent explanation (update, telemetry, monitoring) with what speaks for and against it.
                """),
        new(
            "review_new_device", "Review a new device", "Who a device is that was not there before, and whether it behaves.",
            [Device, Last],
            inputs => $"""
                Review the device "{inputs["device"]}", which is new, over the last {inputs["last"]}.
                1. find_devices: its did, type, vendor, names, first seen.
                2. analyze_device_activity: whom it talks to inside and outside; who comes to it.
                3. hunt_traffic for its did: scans, admin ports, refused calls, uploads.
                4. analyze_subnet of its subnet: do its neighbours do the same?
                Say what it most likely is and what speaks for that, what does not fit, and whom to ask about it.
                """),
        new(
            "quiet_review", "Review a quiet time", "Night or weekend: what talked when nobody should have.", [Subnet, Last],
            inputs => $"""
                Review a quiet time, the last {inputs["last"]}{In(inputs)}: people were away,
                so what happened was machines or somebody else.
                1. aggregate_traffic by=hour, then by=device: which hours and devices stand out?
                2. summarize_external_traffic: far ends, uploads, odd ports.
                3. compare_traffic against=week: what did not happen at the same time a week ago?
                4. hunt_traffic for what is left.
                Leave out backups, updates and monitoring only when their figures show it, and say so.
                List what remains with who, when, figures.
                """),
    ];

    public static PromptDefinition? Find(string name) => All.FirstOrDefault(prompt => prompt.Name == name);

    private static string To(IReadOnlyDictionary<string, string> inputs) =>
        inputs.TryGetValue(Peer.Name, out var peer) ? $" to \"{peer}\"" : "";

    private static string In(IReadOnlyDictionary<string, string> inputs) =>
        inputs.TryGetValue(Subnet.Name, out var subnet) ? $" in {subnet} (subnet={subnet} in each call)" : "";

    /// <summary>The tools that the words of a prompt name.</summary>
    public static IEnumerable<string> ToolsOf(PromptDefinition prompt)
    {
        var words = prompt.Words(prompt.Inputs.ToDictionary(input => input.Name, _ => ""));
        return ToolCatalog.Names.Where(name => words.Contains(name, StringComparison.Ordinal));
    }

    /// <summary>The words of a prompt; what is wrong with its arguments is said as for a tool.</summary>
    public static string Write(PromptDefinition prompt, IEnumerable<KeyValuePair<string, string>> given)
    {
        Dictionary<string, string> inputs = new(StringComparer.Ordinal) { [Last.Name] = "24h" };
        foreach (var (name, value) in given)
        {
            if (prompt.Inputs.All(input => input.Name != name))
            {
                throw Refusal.Of($"{prompt.Name} has no argument {Refusal.Shown(name)}.",
                    $"It takes {string.Join(", ", prompt.Inputs.Select(input => input.Name))}.");
            }

            if (value.Length > LongestInput || value.Any(char.IsControl))
            {
                throw Refusal.Of($"{name} is {Refusal.Shown(value)}.",
                    $"It takes a text of at most {LongestInput} characters on one line.");
            }

            if (value.Trim() is { Length: > 0 } text)
            {
                inputs[name] = text;
            }
        }

        return prompt.Inputs.FirstOrDefault(input => input.Required && !inputs.ContainsKey(input.Name)) is { } missing
            ? throw Refusal.Of($"{missing.Name} is missing.", $"{prompt.Name} needs it: {missing.Description}")
            : prompt.Words(inputs);
    }
}
