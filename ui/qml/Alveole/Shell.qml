import QtQuick
import Alveole
import Alveole.Models

// The one window: the open screen, the dark bar, the captions line, the idle question.
Window {
    id: shell

    required property AppViewModel app
    required property real pxPerMm
    required property color accent
    property bool byKeys: false

    color: Theme.paper
    visible: false

    function openScreen() {
        const listed = shell.app.source === "screens/List.qml";
        if (listed || shell.app.route === "hive")
            loader.source = "";
        if (listed && lists.item)
            lists.item.vm = shell.app.screen;
        else if (shell.app.route !== "hive")
            load(listed ? lists : loader);
        if (shell.byKeys || shell.app.keys)
            shell.focusFirst();
    }

    function load(place: Loader) {
        place.setSource(shell.app.source, {
            "vm": shell.app.screen
        });
    }

    function focusFirst() {
        const open = hive.visible ? hive : lists.visible ? lists : loader;
        open.forceActiveFocus();
        if (!(shell.activeFocusItem as Tappable))
            open.nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason);
    }

    // the key that ended a visit doesn't begin one: the phase stays at rest
    function alive() {
        shell.app.touched();
        shell.byKeys = shell.app.phase !== "rest";
    }

    // arrows walk through what can be reached
    function keyed(event: KeyEvent) {
        const forward = event.key === Qt.Key_Down || event.key === Qt.Key_Right;
        const backward = event.key === Qt.Key_Up || event.key === Qt.Key_Left;
        shell.alive();
        if (event.key === Qt.Key_Escape)
            shell.app.back();
        else if (forward || backward)
            shell.activeFocusItem.nextItemInFocusChain(forward).forceActiveFocus(Qt.TabFocusReason);
    }

    function announce(item: Tappable) {
        shell.app.focused(item.description === "" ? item.spokenName : item.spokenName + ", " + item.description);
    }

    Component.onCompleted: openScreen()
    onActiveFocusItemChanged: if (activeFocusItem as Tappable)
        announce(activeFocusItem as Tappable)

    Binding {
        target: Theme
        property: "large"
        value: shell.app.large
    }
    Binding {
        target: Theme
        property: "contrast"
        value: shell.app.contrast
    }
    Binding {
        target: Theme
        property: "low"
        value: shell.app.low
    }
    Binding {
        target: Theme
        property: "keys"
        value: shell.app.keys
    }
    Binding {
        target: Theme
        property: "byKeys"
        value: shell.byKeys
    }
    Binding {
        target: Theme
        property: "panelWidth"
        value: shell.width
    }
    Binding {
        target: Theme
        property: "panelHeight"
        value: shell.height
    }
    Binding {
        target: Theme
        property: "pxPerMm"
        value: shell.pxPerMm
    }
    Binding {
        target: Theme
        property: "accent"
        value: shell.accent
    }

    Connections {
        target: shell.app
        function onScreenChanged() {
            if (shell.app.phase === "rest")
                shell.byKeys = false;
            shell.openScreen();
        }
    }

    Item {
        id: root

        anchors.fill: parent
        focus: true
        Keys.onPressed: event => shell.keyed(event)
        Keys.onReleased: shell.alive()  // Tab never comes up to here, its release does

        Loader {
            id: hive

            anchors.fill: loader
            visible: shell.app.route === "hive"
            enabled: !question.visible
            Component.onCompleted: setSource("screens/Hive.qml", {
                "vm": shell.app.hive
            })
        }

        // plain lists share one screen, so that its rows needn't be made again
        Loader {
            id: lists

            anchors.fill: loader
            visible: shell.app.source === "screens/List.qml"
            enabled: !question.visible
        }

        Loader {
            id: loader

            anchors.left: parent.left
            anchors.top: training.bottom
            anchors.right: Theme.landscape ? bar.left : root.right
            anchors.bottom: captions.top
            visible: !hive.visible && !lists.visible
            enabled: !question.visible
            focus: true
        }

        Captions {
            id: captions

            app: shell.app
            anchors.left: parent.left
            anchors.right: Theme.landscape ? bar.left : root.right
            anchors.bottom: Theme.landscape ? root.bottom : bar.top
        }

        ActionBar {
            id: bar

            app: shell.app
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            visible: shell.app.route !== "gate"
            width: !visible ? 0 : Theme.landscape ? Theme.px(Theme.large ? 620 : 440) : parent.width
            height: !visible ? 0 : Theme.landscape ? parent.height - training.height : implicitHeight
            enabled: !question.visible
        }

        IdleQuestion {
            id: question

            app: shell.app
            anchors.fill: parent
            onVisibleChanged: if (!visible)
                loader.forceActiveFocus()
        }

        TrainingBand {
            id: training

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            visible: shell.app.training
        }

        // every touch passes here first, and on to what lies below; the question answers for itself
        MouseArea {
            anchors.fill: parent
            enabled: !question.visible
            onPressed: mouse => {
                mouse.accepted = false;
                shell.byKeys = false;
                shell.app.touched();
            }
        }
    }
}
