pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// The base of everything that can be touched or reached by keys: name, focus ring, press.
FocusScope {
    id: tappable

    property string targetName: ""
    property string spokenName: targetName
    property string description: ""
    property real ringRadius: Theme.radius
    property bool ringed: true
    property bool spaced: true  // the space bar presses it as well
    readonly property bool pressed: area.pressed
    signal tapped

    // the event travels on, so that the shell counts it as a sign of life
    function confirm(event: KeyEvent) {
        event.accepted = false;
        if (!event.isAutoRepeat && (tappable.spaced || event.key !== Qt.Key_Space))
            tappable.tapped();
    }

    activeFocusOnTab: true  // Qt passes over what is hidden or disabled
    implicitWidth: Theme.target
    implicitHeight: Theme.target
    Accessible.role: Accessible.Button
    Accessible.name: spokenName
    Accessible.description: description
    Accessible.focusable: true
    Accessible.onPressAction: tappable.tapped()
    Keys.onReturnPressed: event => confirm(event)
    Keys.onEnterPressed: event => confirm(event)
    Keys.onSpacePressed: event => confirm(event)

    MouseArea {
        id: area

        anchors.fill: parent
        enabled: tappable.targetName !== ""
        onClicked: tappable.tapped()
    }

    Loader {
        anchors.fill: parent
        z: 10
        active: tappable.ringed && tappable.activeFocus && (Theme.byKeys || Theme.keys)
        sourceComponent: FocusRing {
            radius: tappable.ringRadius + Theme.focusWidth
        }
    }
}
