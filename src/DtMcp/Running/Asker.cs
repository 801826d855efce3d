using DtMcp.Traffic.Answers;

namespace DtMcp.Running;

/// <summary>For whom a call is answered. It goes with the call; on stdio there is none, and nothing to keep from anybody.</summary>
/// <param name="Reach">What they may use.</param>
/// <param name="Seal">Marks their cursors.</param>
internal sealed record Asker(Reach Reach, ICursorSeal Seal)
{
    private static readonly AsyncLocal<Asker?> Now = new();

    public static Asker? Current => Now.Value;

    /// <summary>Whether there are things that the call's sender is not to see.</summary>
    public static bool IsLimited => Current is { Reach.IsEverything: false };

    /// <summary>Called within the request's own flow, before it is answered.</summary>
    public static void Enter(Asker asker) => Now.Value = asker;
}
